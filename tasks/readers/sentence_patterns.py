"""The patterns of clauses: rows of letters, one for each part of a sentence (`TAGS`).

A clause is a head, then what follows it. Named groups are the roles that parts have in it; a digit
behind a name tells two places of one role apart.
"""

from __future__ import annotations

import re

_IS = r"(?:V|vt|l)"
_WHO = r"(?:(?P<own>O)?(?P<noun>N)|(?P<noun2>N)o?(?P<own2>O))"
_SHOWN = r"(?:(?P<own>O)?(?P<weak>W)|(?P<weak2>W)o?(?P<own2>O))"
_AHEAD = r"(?:(?P<own>O)?(?P<later>P)|(?P<later2>P)o?(?P<own2>O))"
_SUM = r"e?(?P<sum>D)(?P<off_budget>KB)?[pm]"
_PART = r"(?P<part>\?(?:[?K&oi]|[pm](?=[pm?]))*)"
"""Words of no other kind, to be held against what parts of a board are called."""
_GOES = r"(?:V|(?P<later>F))"
_SHALL = r"(?:V|vt|(?P<later>F)t?)"
HEADS = tuple(
    re.compile(text)
    for text in (
        # Hemtjänsten redovisar ett underskott på 3 mnkr; Inom hemtjänsten väntas ett underskott på
        rf"[oi]?{_PART}{_GOES}{_SUM}(?P<main>Q)",
        # Hemtjänstens underskott på 3 mnkr; Prognosen för hemtjänsten är ett underskott på 3 mnkr
        rf"{_PART}e?(?P<sum>D)(?P<off_budget>KB)?[pm]?(?P<main>Q)",
        rf"(?P<later>P)[oi]{_PART}{_IS}(?:{_SUM})?(?P<main>Q)",
        rf"{_PART}(?P<later>P){_IS}(?:{_SUM})?(?P<main>Q)",
        rf"(?P<later>P)V(?P<sum>D)[oi]{_PART}p(?P<main>Q)",
        rf"(?P<later>P)V{_SUM}(?P<main>Q)[oi]{_PART}",
        rf"[oi]?{_PART}(?P<later>F)(?P<main>Q)",
        # Hemtjänsten går 3 mnkr back
        rf"[oi]?{_PART}(?:[Vl]|(?P<later>F))(?P<main>Q)(?P<sum>q)",
        # Underskottet i hemtjänsten är 3 mnkr; I hemtjänsten är underskottet 3 mnkr
        rf"{_PART}(?P<sum>D)(?P<off_budget>KB)?{_SHALL}(?P<main>Q)",
        rf"(?P<sum>D)[oi]{_PART}{_SHALL}(?P<main>Q)",
        rf"[oi]{_PART}(?:[Vv]|(?P<later>F))(?P<sum>D)t?(?P<main>Q)",
        rf"~V(?P<sum>D)[oi]{_PART}(?:,|[pm])(?P<main>Q)",
        # Ett underskott på 3 mnkr väntas i hemtjänsten; Ett underskott väntas i hemtjänsten på …
        rf"(?P<sum>D)[pm](?P<main>Q){_GOES}?[oi]{_PART}",
        rf"(?P<sum>D){_GOES}[oi]{_PART}[pm](?P<main>Q)",
        # Hemtjänstens resultat är 3 mnkr sämre än budget
        rf"{_PART}(?P<net>N){_IS}(?P<deviation>Q)(?P<differs>H)B",
        rf"{_PART}(?P<net>N){_IS}{_SUM}(?P<main>Q)",
        rf"{_PART}V?[WN](?:s?V|R)(?P<deviation>Q)(?P<differs>H)B",
        # Hemtjänsten har en avvikelse på -3 mnkr; Hemtjänsten avviker med minus 3 mnkr
        rf"[oi]?{_PART}{_GOES}(?P<off>X)(?:KB)?[pm]?(?P<deviation>Q)(?:KB)?",
        rf"(?P<off>X)[oi]{_PART}{_IS}(?P<deviation>Q)",
        rf"{_PART}(?P<later>F)?(?P<goes>x)(?:KB)?m(?P<deviation>Q)(?:KB)?",
        # Hemtjänsten överskrider budget med 3 mnkr; Hemtjänsten är 3 mnkr sämre än budget
        rf"{_PART}(?P<later>F)?(?P<exceeds>E)Bm(?P<deviation>Q)",
        rf"{_PART}{_GOES}(?P<deviation>Q)(?P<differs>H)B",
        # Sjukfrånvaron är 7,8 procent; Nämndens resultat är ett underskott på 3 mnkr
        rf"{_WHO}{_IS}(?:{_SUM})?(?P<main>Q)(?P<again>N)?",
        # Sjukfrånvaron är oförändrad (jämfört med föregående år), 7,8 procent
        rf"{_WHO}(?:{_IS}a,?(?:K?A,?)?|v)(?P<main>Q)(?:,?sA)?",
        # Till och med augusti är sjukfrånvaron 7,8 procent
        rf"V{_WHO}(?P<main>Q)",
        rf"v{_WHO}t(?P<main>Q)",
        # Utfallet visar ett underskott på 3 mnkr
        rf"{_SHOWN}{_IS}{_SUM}(?P<main>Q)",
        # Nämnden redovisar ett underskott (mot budget) på 3 mnkr
        rf"(?P<own>O)V(?P<later>e)?{_SUM}(?P<main>Q)",
        rf"V(?P<own>O)(?P<later>e)?{_SUM}(?P<main>Q)",
        # Nämndens ram var 3 mnkr: of investments where those were spoken of
        rf"(?P<own>O)?(?P<grants>B){_IS}(?P<main>Q)",
        # Fullmäktige har anvisat 3 mnkr för investeringar
        r"(?P<grants>Y)(?P<own>O)?(?P<main>Q)o(?P<noun>N)",
        r"(?P<own>O)(?P<grants>Y)(?P<main>Q)o(?P<noun>N)",
        r"(?P<own>O)(?P<grants>Y)(?P<noun>N)[pm](?P<main>Q)",
        r"(?P<grants>Y)(?P<own>O)?(?P<main>Q)",
        # Nämnden har 3 mnkr till investeringar; Budgeten för investeringar är 3 mnkr
        r"(?P<own>O)(?P<grants>V)(?P<main>Q)[to](?P<noun>N)",
        rf"(?P<own>O)?(?P<grants>B)[ot](?P<noun>N){_IS}(?P<main>Q)",
        r"(?:(?P<own>O)(?P<grants>V)|(?P<grants2>V)(?P<own2>O))(?P<main>Q)J",
        # För inventarier har nämnden (en budget på) 3 mnkr: one of the investments spoken of
        r"o(?P<project>\?[?K&oi]*)V(?P<own>O)(?:B[pm]?)?(?P<main>Q)",
        r"(?P<own>O)V(?P<main>Q)o(?P<project>\?[?&]*)",
        # För 2025 har nämnden en budget på 3 mnkr för mätutrustning
        r"(?:V(?P<own>O)|(?P<own2>O)V)(?P<grants>B)[pm](?P<main>Q)(?:o\?[?K&oi]*)?",
        # Gångbron har kostat 3 mnkr av årets anslag på 4 mnkr
        r"(?P<project>\?[?K&oi]*)k(?P<spent>Q)KB[pm]?(?P<main>Q)",
        # Årets utgifter blev 3 mnkr: of investments where those were spoken of
        rf"w{_IS}(?P<spent>Q)",
        rf"(?P<own>O)?(?P<outcome>W){_IS}(?P<spent>Q)",
        # Under året investerade nämnden för 3 mnkr
        r"(?P<noun>I)(?P<own>O)o?(?P<main>Q)",
        r"V?(?P<own>O)V?(?P<noun>I)o?(?P<main>Q)",
        # Till och med augusti har investeringar gjorts för 3 mnkr
        r"V(?P<noun>N)z[om](?P<main>Q)",
        r"(?P<noun>N)V?z[om](?P<main>Q)",
        # Utfallet för investeringarna är 3 mnkr; Prognosen för investeringarna är 3 mnkr
        rf"W[oi](?P<noun>N){_IS}(?P<main>Q)",
        rf"(?P<later>P)[oi](?P<noun>N)(?:{_IS}|F)(?P<main>Q)",
        rf"{_WHO}VW[pm](?P<main>Q)",
        # Året innan redovisade nämnden ett underskott på 3 mnkr
        rf"AV(?P<own>O){_SUM}(?P<before>Q)",
        # Efter augusti var prognosen ett underskott på 3 mnkr
        rf"V(?P<own>O)?(?P<earlier>P){_SUM}(?P<ahead>Q)",
        # Prognosen är ett underskott på 3 mnkr; Nämnden prognostiserar …
        rf"{_AHEAD}(?:(?P<verb>V)|vt|F)(?:{_SUM})?(?P<main>Q)",
        rf"(?P<own>O)?(?P<later>F){_SUM}(?P<main>Q)",
        rf"(?P<own>O)?V(?P<later>P)[pm](?:{_SUM})?(?P<main>Q)",
        # Prognosen är en nettokostnad på 3 mnkr
        rf"{_AHEAD}V(?P<noun>N)[pm](?P<main>Q)",
        # Bedömningen är att nämnden får ett underskott på 3 mnkr; … att underskottet blir 3 mnkr
        rf"(?P<later>P)V(?P<own>O)[FV]{_SUM}(?P<main>Q)",
        r"(?P<later>P)V(?P<own>O)?(?P<sum>D)(?P<off_budget>KB)?V(?P<main>Q)",
        # Nämnden bedömer att resultatet blir ett underskott på 3 mnkr
        rf"(?P<own>O)(?P<later>F)(?P<noun>N)V(?:{_SUM})?(?P<main>Q)",
        # Nämnden går 3 mnkr back
        r"(?P<own>O)(?:[Vl]|(?P<later>F))(?P<main>Q)(?P<sum>q)",
        rf"(?P<later>F)(?P<own>O)[mu]?{_SUM}(?P<main>Q)",
        rf"(?P<later>F){_WHO}[ut]?(?:{_SUM})?(?P<main>Q)",
        r"(?P<later>F)(?P<own>O)m(?P<main>Q)",
        # Underskottet är 3 mnkr; För helåret beräknas underskottet till 3 mnkr
        rf"(?P<own>O)?(?P<sum>D)(?P<off_budget>KB)?(?:{_IS}|(?P<later>F)t?)(?P<main>Q)",
        r"(?P<later>F)(?P<own>O)?(?P<sum>D)t?(?P<main>Q)",
        # Det prognostiserade underskottet (på 3 mnkr) är 3 mnkr
        r"(?P<later>e)(?P<sum>D)(?P<off_budget>KB)?[Vpm](?P<main>Q)",
        rf"{_WHO}(?P<later>F)(?:{_SUM})?(?P<main>Q)",
        # Nämnden prognostiserar ett resultat på -3 mnkr; Nämnden har en sjukfrånvaro på 7,8 procent
        r"(?P<own>O)(?:(?P<by>V)|(?P<later>F))(?P<noun>N)[pm](?P<main>Q)",
        # Sjukfrånvaron har minskat från 8,2 till 7,8 procent
        rf"(?:(?:KA)?V)?{_WHO}(?P<changed>C)(?:K?A,?)?f(?P<before>Q)A?t(?P<main>Q)",
        rf"{_WHO}(?P<changed>C)t(?P<main>Q)f(?P<before>Q)A?",
        rf"(?:(?:KA)?V)?{_WHO}V?(?P<changed>C)(?:m(?P<change>Q))?(?:K?A)?t(?P<main>Q)",
        # Sjukfrånvaron har minskat med 0,4 procentenheter och är nu 7,8 procent
        rf"{_WHO}(?P<changed>C)(?:m(?P<change>Q))?(?:K?A)?&{_IS}(?P<main>Q)",
        rf"{_WHO}(?P<changed>C)m(?P<change>Q)f(?P<before>Q)t(?P<main>Q)",
        # Vid årets slut fanns 9,5 årsarbetare; Nämnden hade 214 medarbetare
        r"(?P<own>O)?V(?P<main>Q)(?P<noun>N)",
        r"V(?P<own>O)(?P<main>Q)(?P<noun>N)",
        r"V(?P<main>Q)(?P<noun>N)(?P<own>O)",
        # Under perioden har 96 tillsvidareanställda slutat
        r"V(?P<main>Q)N?(?P<noun>M)",
        r"(?P<noun>M)(?P<main>Q)N",
        # Nämnden har förbrukat 3 mnkr av en periodiserad budget på 4 mnkr
        r"(?:(?P<own>O)V|V(?P<own2>O))(?P<outcome>z)(?P<spent>Q)KB[pm](?P<budget>Q)",
        # Till och med augusti har 6,8 mnkr använts: of what was spoken of before
        r"(?:KB)?V(?P<spent>Q)z",
        r"zV?(?P<spent>Q)",
        # Förvaltningen bedömer att 3 mnkr kommer att vara förbrukade
        r"(?P<own>O)?(?P<later>F)(?P<main>Q)Z",
        r"(?P<later>P)V(?P<main>Q)Z",
        # Intäkterna är 3 mnkr högre än budget; Kostnaderna överskrider budget med 3 mnkr
        rf"{_WHO}{_IS}(?P<deviation>Q)(?P<differs>H)B",
        rf"{_SHOWN}{_IS}(?P<deviation>Q)(?P<differs>H)B",
        rf"{_AHEAD}(?:(?P<verb>V)|vt|F)(?P<deviation>Q)(?P<differs>H)B",
        rf"{_WHO}(?P<exceeds>E)Bm(?P<deviation>Q)",
        r"(?P<own>O)(?P<later>F)?(?P<exceeds>E)Bm(?P<deviation>Q)",
        # Intäkterna avviker positivt (mot budget) med 3 mnkr
        rf"(?:{_WHO}|(?P<weak>W))(?P<goes>x)(?:KB)?m(?P<deviation>Q)(?:KB)?",
        r"(?P<own>O)(?P<later>F)?(?P<goes>x)(?:KB)?m(?P<deviation>Q)(?:KB)?",
        # Avvikelsen mot budget är -3 mnkr
        rf"(?P<own>O)?(?P<later>e)?(?P<off>X)(?:KB)?{_IS}(?P<deviation>Q)",
        rf"(?P<own>O){_IS}(?P<off>X)(?:KB)?[pm](?P<deviation>Q)(?:KB)?",
        rf"(?:{_WHO}|(?P<weak>W)){_IS}(?P<off>X)(?:KB)?[pm](?P<deviation>Q)(?:KB)?",
        # Driftavvikelsen för perioden är ett överskott om 3 mnkr
        rf"(?P<own>O)?(?P<weak>X)(?:KB)?{_IS}e?(?P<off>D)[pm](?P<deviation>Q)",
        rf"{_AHEAD}(?:(?P<verb>V)|F)(?P<off>X)(?:KB)?[pm](?P<deviation>Q)(?:KB)?",
        r"(?P<own>O)(?P<later>F)(?P<off>X)(?:KB)?[pm](?P<deviation>Q)(?:KB)?",
        # Av investeringsbudgeten på 5 mnkr har 3 mnkr använts
        r"K(?P<own>O)?(?P<noun>N)[pm](?P<main>Q)V(?P<spent>Q)z",
        r"K(?P<own>O)?(?P<grants>B)[pm](?P<main>Q)V(?P<spent>Q)z",
        # Till och med september har 3 mnkr av investeringsbudgeten på 5 mnkr använts
        r"V(?P<spent>Q)K(?P<own>O)?(?P<noun>N)[pm](?P<main>Q)z",
        r"V(?P<spent>Q)K(?P<own>O)?(?P<grants>B)[pm]?(?P<main>Q)z",
        r"(?:V(?P<own>O)|(?P<own2>O)V)z(?P<spent>Q)K(?P<noun>N)[pm](?P<main>Q)",
        # Sjukfrånvaron bland kvinnor var 8,4 procent; Kvinnornas sjukfrånvaro är 8,4 procent
        rf"{_WHO}(?P<share>g){_IS}(?P<main>Q)(?:\((?P<bare>Q)\))?",
        rf"(?P<share>g)(?P<noun>N){_IS}(?P<main>Q)(?:\((?P<bare>Q)\))?",
        rf"{_WHO}{_IS}(?P<main>Q)(?P<share>g)",
        r"(?P<share>g)V(?P<noun>N)?p?(?P<main>Q)",
        # Sjukfrånvaron var 8,1 procent 2024
        rf"{_WHO}{_IS}(?P<before>Q)A",
        rf"{_WHO}A{_IS}(?:{_SUM})?(?P<before>Q)",
        rf"AV{_WHO}(?:{_SUM})?(?P<before>Q)",
        # Det är 3 mnkr sämre än budget: of what was spoken of before
        r"(?P<same>R)(?P<deviation>Q)(?P<differs>H)B",
        # I fjol var den 8,1 procent; Motsvarande siffra för 2024 var 8,1 procent
        r"R?AV(?P<before>Q)",
    )
)
MORE = (
    re.compile(rf"{_WHO}t?(?P<main>Q)"),
    re.compile(rf"{_WHO}(?P<deviation>Q)(?P<differs>H)B"),
    re.compile(rf"(?P<later>P)[pt]?(?:{_SUM})?(?P<main>Q)"),
    re.compile(rf"{_PART}(?P<main>Q)(?P<sum>q)"),
    re.compile(r"(?P<weak>W)t?(?P<spent>Q)"),
    re.compile(r"(?P<share>g)V?p?(?P<main>Q)\)?"),
    re.compile(r"(?P<main>Q)(?P<share>g)\)?"),
    re.compile(r"(?P<main>Q)V(?P<noun>M)"),
    re.compile(r"(?P<main>Q)V?(?P<noun>N)"),
    re.compile(r"(?P<later>F)(?P<main>Q)"),
    re.compile(rf"{_PART}m(?P<deviation>Q)"),
    re.compile(rf"[oi]?{_PART}m?(?:{_SUM})?(?P<main>Q)"),
)
"""Clauses that have their verb from the one before: `… och antalet årsarbetare 708`."""
_SAID = r"(?P<off>X)"
NEXT = tuple(
    re.compile(text)
    for text in (
        # vilket är 3 mnkr bättre än budget
        r"[,&]*R?(?P<deviation>Q)(?P<differs>H)B(?:\((?P<budget>Q)\))?",
        # vilket motsvarar en positiv avvikelse mot budget (4 mnkr) med 3 mnkr
        rf"[,&]*[Rm]?{_SAID}(?:KB)?(?:\((?P<budget>Q)\))?[pm](?P<deviation>Q)",
        rf"[,&]*[Rm]?{_SAID}[pm](?P<deviation>Q)(?:KB)?(?:\((?P<budget>Q)\))?",
        # jämfört med budgeterade 4 mnkr; (budget 4 mnkr); mot budget på 4 mnkr
        r",?KB[pm]?(?P<budget>Q)",
        # vilket ger ett överskott på 3 mnkr mot budget
        r"[,&]*R(?P<off>D)KB[pm](?P<deviation>Q)",
        r"[,&]*R(?P<off>D)[pm](?P<deviation>Q)KB",
        r"[,&]*R(?P<lack>D)[pm](?P<deviation>Q)",
        r",?KB\((?P<budget>Q)\)",
        r"\(B(?P<budget>Q)\)",
        # jämfört med budget: the sum is the deviation
        r",?(?P<off_budget>KB)",
        # en minskning med 0,4 procentenheter jämfört med föregående år (8,2 procent)
        r"[,&]*[Rm]?(?P<changed>G)m(?P<change>Q)(?:K?A(?:,?V?\(?(?P<before>Q)\)?)?)?",
        r"[,&]*R?(?P<change>Q)(?P<differs>H)A(?:\((?P<before>Q)\))?",
        # vilket är lägre än 2019 då den var 8,2 procent; en ökning från 7,1 procent 2019
        r"[,&]*R?(?P<changed>H),?AV(?P<before>Q)",
        r"[,&]*[Rm]?(?P<changed>G)f(?P<before>Q)A?",
        r"[,&]*R?(?P<changed>G)K?A\((?P<before>Q)\)",
        r",?f(?P<before>Q)A",
        # (8,2 procent); (8,2 procent 2024); att jämföra med 8,2 procent 2024
        r"\((?P<bare>Q)\)",
        r"\((?P<before>Q)A\)",
        r"\(A(?P<before>Q)\)",
        r",?K(?P<before>Q)A",
        r",AV?(?P<before>Q)",
        r",?KA,?V?\(?(?P<before>Q)\)?",
        # vilket är 2 mnkr bättre än föregående prognos: nothing that has a place of its own
        r"[,&]*R?QHL",
        r"[,&]*[Rm]?GmQKL",
        # vilket motsvarar 1,2 procent av budgeten
        r"[,&]*RQKB",
        # varav 6 204 tkr har använts
        r",?y(?P<spent>Q)z(?:[tpfomi].*)?",
    )
)
JOINED = re.compile(r",&|[,&]y?|y|\((?=(?:gQ[,&]gQ|Qg[,&]Qg)\))")
"""What stands between clauses; in brackets only both shares of the staff."""
REST = re.compile(r"(?:$|,(?![!iopm])|&(?![!iopmK])|j)")
"""What may follow a clause: the end, a reason, or more of which nothing is read."""
