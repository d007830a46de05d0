"""The printed sheets: their pages, their words, and what a screen reader meets in them."""

import io
import re

import pytest
import zxingcpp
from conftest import ADDRESS, build
from page_validation import validate_pdf
from PIL import Image
from pypdf import PdfReader

PAGES = {"handout": 2, "companion": 1}
