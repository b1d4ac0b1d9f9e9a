"""The pages' Jinja writes what Jinja writes."""

from __future__ import annotations

import pytest
from jinja2 import DictLoader, Environment, StrictUndefined, UndefinedError
from markupsafe import Markup

from web.kit.templates import Templates

BASE = "<title>{% block title %}{{ word }}{% endblock %}</title>{% block content %}{% endblock %}"
PARTS = """
{% macro part(name, title=word) %}
<p title="{{ title }}">{{ name }}{% if caller is defined %}{{ caller() }}{% endif %}</p>{% endmacro %}
{% macro all(names) %}{% for name in names %}{{ part(name, *varargs, **kwargs) }}{% endfor %}{% endmacro %}
"""
PAGE = """{% extends "base" %}{% from "parts" import part, all with context %}
{% block content %}
{{ word }}{{ safe }}{{ number }}{{ nothing }}{{ many }}{{ word ~ safe }}{{ word|upper }}{{ word|safe }}{{ word|e }}
{% set kept %}{{ word }}{{ part(word) }}{% endset %}{{ kept }}{{ kept|length }}
{% for one in many %}{{ loop.index }}{{ part(one) }}{{ all(many, title=one) }}{% endfor %}
{% call part(safe, "&") %}{{ word }}{% endcall %}
{% filter upper %}{{ word }}{{ part(word) }}{% endfilter %}
{% autoescape false %}{{ word }}{% endautoescape %}{{ word }}
{% with word = '"' %}{{ word }}{{ part(word) }}{% endwith %}{{ self.title() }}{{ made(word) }}
{% endblock %}"""
TEXTS = {"base": BASE, "parts": PARTS, "page": PAGE}
GIVEN = {
    "word": "<a href='x'>&\"王伟</a>", "safe": Markup("<b>好</b>"), "number": 7, "nothing": None,
    "many": ["<", "&", Markup("<i>")],
    "made": lambda text: Markup("<em>{}</em>").format(text),
}  # fmt: skip


def test_it_writes_what_jinja_writes() -> None:
    plain = Environment(
        loader=DictLoader(TEXTS),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    ours = Templates(DictLoader(TEXTS))
    said = ours.get_template("page").render(GIVEN)
    assert said == plain.get_template("page").render(GIVEN)
    assert "<b>好</b>" in said
    assert "&lt;a href=&#39;x&#39;&gt;" in said


@pytest.mark.parametrize("text", ["{{ unknown }}", "{{ word.unknown }}", "{{ unknown() }}"])
def test_an_unknown_name_is_an_error(text: str) -> None:
    page = Templates(DictLoader({"page": text})).get_template("page")
    with pytest.raises(UndefinedError):
        page.render(GIVEN)
