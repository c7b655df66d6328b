# SPDX-License-Identifier: Apache-2.0
"""Dates are found where a text names them, and nowhere else."""

# ruff: noqa: RUF001 - texts are written with these characters

from __future__ import annotations

from pathlib import Path

import pytest

from archive.text.dates import MOST, PageText, find_dates, suggest_dates
from archive.text.roman_numerals import roman_number

LATEST = 2026
TRUE = {
    "geschehen den 5. März 1784 zu Jena": "1784-03-05",
    "am 5ten May 1784": "1784-05-05",
    "den 1sten\nMay": None,
    "On March 5, 1784, he left": "1784-03-05",
    "the 5th of March, 1784": "1784-03-05",
    "le 1er mars 1784": "1784-03-01",
    "le 14 Aoust 1695": "1695-08-14",
    "die V. Martii MDCCLXXXIV": "1784-03-05",
    "die 23 Aprilis anno 1571": "1571-04-23",
    "5.3.1784": "1784-03-05",
    "1865-11-26": "1865-11-26",
    "25/03/1784": "1784-03-25",
    "05/03/1784": "1784",
    "7/7/1777": "1777-07-07",
    "29. Februar 1700": "1700-02",
    "(S. Decemb. 1783. S. 516.)": "1783-12",
    "le 3 9bre 1699": "1699-11-03",
    "im März\n1784": "1784-03",
    "Berlin, MDCCLXXXIV.": "1784",
    "Lugduni M. DCC. LXXXIIII.": "1784",
    "CIƆIƆCCLXXXIV": "1784",
    "MDCCLXXXXVIIJ": "1798",
    "anno mdccc": "1800",
    "Anno Domini 1543": "1543",
    "l'an 1695": "1695",
    "de l'année 1848": "1848",
    "im Jahre 1784": "1784",
    "in the year of our Lord 1666": "1666",
    "Copyright, 1934": "1934",
    "um 1784 entstanden": "1784~",
    "vers 1784": "1784~",
    "ca. 1850": "1850~",
    "circa 1850": "1850~",
    "[1784?]": "1784?",
    "1784-1790": "1784/1790",
    "1784–90": "1784/1790",
    "1618 bis 1648": "1618/1648",
    "from 1914 to 1918": "1914/1918",
    "1784/85": "1784/1785",
    "the 1780s": "178X",
    "1780er Jahre": "178X",
    "les années 1780": "178X",
    "18. Jahrhundert": "17XX",
    "des achtzehnten Jahrhunderts": "17XX",
    "XVIIIe siècle": "17XX",
    "dix-huitième siècle": "17XX",
    "nineteenth-century": "18XX",
    "saeculo XVIII": "17XX",
    "LEIPZIG,\nBey Göschen, 1784.": "1784",
    "1784 .": "1784",
    "(1784)": "1784",
    "seit 1784": "1784",
}
"""What is to be found in a text, in EDTF; None where it looks like a date and is none."""
FALSE = (
    "S. 1784",
    "das sind 1784 Bücher",
    "1784 fl. 30 kr.",
    "In 1784 cases out of ten",
    "um 1784 Mann",
    "von 1,784 Thalern",
    "1784,50 Mark",
    "Nr. 1784/3",
    "§ 1784",
    "am 5. März",
    "im 19. Kapitel",
    "30. Februar 1784",
    "31.12.2999",
    "im Jahre 1066",
    "im Jahre 2027",
    "1801-03",
    "1790-1784",
    "MIX and MILL and CIVIL",
    "Herr Mai kam, und march on",
    "Henry VIII",
    "Louis XIV",
    "12. Jahrhundert",
    "le XXXe siècle",
    "Tel. 1784-123456",
    "III Kal. Mart. 1512",
    "so mit die der",
    "Capitel MDX",
)


@pytest.mark.parametrize(("text", "value"), TRUE.items())
def test_a_date_is_read(text: str, value: str | None) -> None:
    found = [date.value for date in find_dates(text, latest=LATEST)]
    assert found == ([value] if value else [])


@pytest.mark.parametrize("text", FALSE)
def test_what_is_no_date_is_left_alone(text: str) -> None:
    assert find_dates(text, latest=LATEST) == []


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("MDCCLXXXIV", 1784),
        ("mcmxcix", 1999),
        ("XIIII", 14),
        ("IX", 9),
        ("MD", 1500),
        ("", None),
        ("IIX", None),
    ],
)
def test_numerals_are_read_as_printers_set_them(text: str, number: int | None) -> None:
    assert roman_number(text) == number


def test_every_numeral_up_to_this_year_is_read_back() -> None:
    signs = [(1000, "M"), (900, "CM"), (500, "D"), (400, "CD"), (100, "C"), (90, "XC"), (50, "L"), (40, "XL")]
    signs += [(10, "X"), (9, "IX"), (5, "V"), (4, "IV"), (1, "I")]
    for year in range(1, LATEST + 1):
        rest, numeral = year, ""
        for worth, sign in signs:
            numeral += sign * (rest // worth)
            rest %= worth
        assert roman_number(numeral) == year


def test_a_title_page_weighs_more() -> None:
    pages = [PageText(1, "Leipzig, 1784.", is_title=True), PageText(2, "seit 1784"), PageText(3, "(1790)")]
    first, second = suggest_dates(pages, latest=LATEST)
    assert (first.kind, first.value, first.page) == ("date", "1784", 1)
    assert (second.value, second.page) == ("1790", 3)
    assert first.confidence > second.confidence


def test_a_chronicle_gives_no_endless_list() -> None:
    text = "\n".join(f"im Jahre {year}" for year in range(1500, 1900))
    assert len(suggest_dates([PageText(1, text)], latest=LATEST)) == MOST


def test_a_long_text_of_nearly_dates_takes_no_longer_than_it_should() -> None:
    text = "MDCLXVI" * 20000 + "1 " * 50000 + "M. " * 20000 + "A,\n" * 20000
    assert find_dates(text, latest=LATEST) == []


@pytest.mark.reference_data
def test_real_pages_give_their_dates_and_no_others(reference_data: Path) -> None:
    found = {
        path.name.partition(".")[0]: {date.value for date in find_dates(path.read_text(encoding="utf-8"))}
        for path in sorted((reference_data / "pages").glob("*/*.gt.txt"))
    }
    assert {name: values for name, values in found.items() if values} == {"INPUT_0017": {"1784", "1783-12"}}
