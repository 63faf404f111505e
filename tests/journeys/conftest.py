"""What journeys share that do not look at the report on paper."""

import io

import pikepdf
import pytest
from PIL import Image

from tasks.report.tracing import charts_of


def dots(report):
    """A picture of one dot for every chart."""
    out = io.BytesIO()
    Image.new("L", (1, 1)).save(out, "PNG")
    return {chart.chart_id: (out.getvalue(), 0.5) for chart in charts_of(report.sections)}


def blank(_):
    """A PDF of one empty page."""
    out = io.BytesIO()
    with pikepdf.new() as pdf:
        pdf.add_blank_page()
        pdf.save(out, deterministic_id=True)
    return out.getvalue()


@pytest.fixture(scope="module")
def no_pdf():
    """Leave out the PDF and the pictures of charts: half of a run, and the same report again.

    That they are made and right is what test_whole_way, test_issuing and test_scheduled ask.
    """
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("flows.publishing.render_pdf", blank)
        patch.setattr("flows.publishing.chart_pictures", dots)
        yield
