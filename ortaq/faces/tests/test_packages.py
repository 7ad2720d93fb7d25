"""Files of npm packages: all there, nothing else served, a missing one names itself."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from django.contrib.staticfiles import finders
from django.core.exceptions import ImproperlyConfigured

from ortaq.faces import packages

CSS = Path(packages.__file__).parent / "static" / "faces" / "ortaq.css"


@pytest.mark.parametrize("name", packages.FILES)
def test_each_listed_file_is_found(name):
    found = finders.find(f"packages/{name}")
    assert found
    assert Path(found).stat().st_size > 1000


@pytest.mark.parametrize(
    "name", ["packages/bootstrap.js", "packages/package.json", "bootstrap.min.css"]
)
def test_nothing_else_of_the_packages_is_served(name):
    assert not finders.find(name)


def test_a_missing_file_names_itself_and_the_remedy(settings, tmp_path):
    settings.ORTAQ_NODE_MODULES = tmp_path
    with pytest.raises(ImproperlyConfigured, match=r"bootstrap\.min\.css is missing.*make setup"):
        packages.path_of(packages.FILES["bootstrap.min.css"])


def test_every_file_that_the_style_sheet_names_is_one_of_ours():
    named = re.findall(r"url\(\"\.\./packages/([^\"]+)\"\)", CSS.read_text("utf-8"))
    assert sorted(named) == sorted(name for name in packages.FILES if name.endswith(".woff2"))


@pytest.mark.parametrize("letters", ["ӘәҒғҚқҢңӨөҰұҮүҺһІі", "АЯёЁ№", "₸", "≈—«»…"])
def test_the_fonts_have_a_range_for_every_letter_we_write(letters):
    ranges = [
        (int(first, 16), int(last or first, 16))
        for first, last in re.findall(
            r"U\+([0-9A-F]+)(?:-([0-9A-F]+))?", CSS.read_text("utf-8").partition(":root")[0]
        )
    ]
    outside = [letter for letter in letters if not any(a <= ord(letter) <= b for a, b in ranges)]
    # The sign for "about" comes from the system's font.
    assert outside == [sign for sign in letters if sign == "≈"]


@pytest.mark.parametrize("name", ["../package", "No Such", ""])
def test_the_name_of_an_icon_is_no_path(name):
    with pytest.raises(ValueError, match="no name of an icon"):
        packages.icon_paths(name)
