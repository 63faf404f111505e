"""What this room's tests share stands beside them: `form_city`, `word_file`, `reading_texts`."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))
