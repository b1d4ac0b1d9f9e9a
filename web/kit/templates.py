"""Jinja as the pages need it: escaping on, unknown names are errors, nothing done twice for each of a page's thousand values.

What a template writes goes into one text in the end: a value need not be made a Markup of its own first, which costs more than
escaping it. And macros, which are most of what a page calls, are known by their type to want no context.
"""

from __future__ import annotations

from collections.abc import Callable
from types import BuiltinFunctionType, FunctionType, MethodType
from typing import Any

import markupsafe
from jinja2 import Environment, StrictUndefined, nodes
from jinja2.compiler import CodeGenerator, Frame
from jinja2.loaders import BaseLoader
from jinja2.runtime import Context, Macro
from markupsafe import Markup, escape

_escaped: Callable[[str], str] = markupsafe._escape_inner  # type: ignore[attr-defined]
"""What `escape` does to a text before it makes a Markup of it."""


def written(value: object) -> str:
    """What `{{ value }}` writes."""
    if type(value) is str:
        return _escaped(value)
    return value if type(value) is Markup else escape(value)


class _Writing(CodeGenerator):
    """Compiles `{{ value }}` to `written(value)`; where escaping is switched on and off within a template, as Jinja does."""

    def _output_child_pre(
        self, node: nodes.Expr, frame: Frame, finalize: CodeGenerator._FinalizeInfo
    ) -> None:
        if frame.eval_ctx.volatile or not frame.eval_ctx.autoescape or finalize.src is not None:
            super()._output_child_pre(node, frame, finalize)
        else:
            self.write("environment.written(")


_PLAIN = (FunctionType, MethodType, BuiltinFunctionType)


class _Calling(Context):
    """Calls macros and plain functions without looking for what else they may want."""

    def call(__self, __obj: Any, *args: Any, **kwargs: Any) -> Any:
        kind = type(__obj)
        if kind is Macro:
            args = (__self.eval_ctx, *args)
        elif kind not in _PLAIN or hasattr(__obj, "jinja_pass_arg"):
            return super().call(__obj, *args, **kwargs)
        kwargs.pop("_block_vars", None)
        kwargs.pop("_loop_vars", None)
        return __obj(*args, **kwargs)


class Templates(Environment):
    """The environment of all pages."""

    code_generator_class = _Writing
    context_class = _Calling
    written = staticmethod(written)

    def __init__(self, loader: BaseLoader) -> None:
        super().__init__(
            loader=loader,
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
        )
