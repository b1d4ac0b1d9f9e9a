"""The OpenAPI description: what every operation can answer besides its result, how one signs in, and files as they are sent."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from litestar.openapi.config import OpenAPIConfig
from litestar.openapi.plugins import JsonRenderPlugin
from litestar.openapi.spec import (
    Components,
    OpenAPIFormat,
    OpenAPIMediaType,
    OpenAPIType,
    Operation,
    RequestBody,
    Schema,
    SecurityScheme,
)

from web.kit.public import is_public
from web.kit.requests import Request

PROBLEM = {
    "type": "object",
    "description": "办不了时的回答（RFC 9457）。",
    "required": ["type", "title", "status", "code", "sentence"],
    "properties": {
        "type": {"type": "string"},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "code": {"type": "string", "description": "供程序判断，不会变动"},
        "sentence": {"type": "string", "description": "供人阅读：发生了什么、依据什么、现在怎么办"},
        "fields": {
            "type": "object",
            "description": "哪一项不对 → 为什么",
            "additionalProperties": {"type": "string"},
        },
        "changes": {
            "type": "array",
            "description": "409：别人刚刚改了什么",
            "items": {"type": "string"},
        },
        "reasons": {
            "type": "array",
            "description": "422：规定不允许办理的每条原因，及其规则、文件和条款",
            "items": {"type": "object"},
        },
        "reference": {"type": "string", "description": "500：向平台运行维护人员查问时用的编号"},
    },
}

REFUSALS = {
    "400": "请求不完整或格式不对",
    "401": "没有登录、登录已经失效，或者登录名、密码不对",
    "403": "没有办理这件事的权限，或者没有带 x-csrftoken 请求头",
    "404": "没有找到，或者不在管理范围之内",
    "408": "内容传送得太慢，没有传完",
    "409": "与现有情况不符，或者已被别人改过",
    "413": "内容太大",
    "422": "没有填对，写了不认识的参数或项目，或者规定不允许",
    "429": "操作过于频繁，或者同时提交得太多，请稍后再试",
    "500": "系统出了故障，带有查问用的编号",
    "503": "系统暂时不能使用，请过一会儿再试",
}
"""Status → what it means here. An operation names those that it can answer, and no others."""

EVERYWHERE = frozenset({"400", "403", "422", "429", "500", "503"})
"""What the door answers with before any handler (web/frame), and what passes by or is a defect."""

OAUTH = {
    "type": "object",
    "description": "OAuth 2.0 的错误（RFC 6749 5.2）。",
    "required": ["error"],
    "properties": {"error": {"type": "string"}, "error_description": {"type": "string"}},
}
OTHERWISE = {("/api/v1/oauth/token", status): "OAuthError" for status in ("400", "401")}
"""What another standard says how to refuse → its schema, beside ours."""

SIGNED_IN: dict[str, list[str]] = {"session": []}


@dataclass
class Upload(Operation):
    """An operation that takes in one file, as multipart form data."""

    def __post_init__(self) -> None:
        """Say so: the handler reads the form by itself, piece by piece."""
        self.request_body = _multipart()


@dataclass
class UploadForUnit(Operation):
    """The same, for a unit."""

    def __post_init__(self) -> None:
        """Say so."""
        self.request_body = _multipart(unit=Schema(type=OpenAPIType.STRING, format=OpenAPIFormat.UUID))


def _multipart(**fields: Schema) -> RequestBody:
    file = Schema(type=OpenAPIType.STRING, content_media_type="application/octet-stream")
    form = Schema(type=OpenAPIType.OBJECT, required=[*fields, "file"], properties={**fields, "file": file})
    return RequestBody(content={"multipart/form-data": OpenAPIMediaType(schema=form)}, required=True)


class _Complete(JsonRenderPlugin):
    """Renders the description with the refusals of every operation."""

    def render(self, request: Request, openapi_schema: dict[str, Any]) -> bytes:
        """As JSON."""
        return self.render_json(request, complete(openapi_schema))


def complete(schema: dict[str, Any]) -> dict[str, Any]:
    """The description with what the framework cannot know: errors are problem+json, and which an operation can answer."""
    schemas = {**_counted_once(schema["components"]["schemas"]), "Problem": PROBLEM, "OAuthError": OAUTH}
    paths = {
        path: {verb: _operation(path, verb, one) for verb, one in item.items()}
        for path, item in schema["paths"].items()
    }
    return {**schema, "paths": paths, "components": {**schema["components"], "schemas": schemas}}


def _counted_once(described: Any) -> Any:
    """The same, a figure being a number: the framework says of `int | float` one of both, and a whole figure is either."""
    if isinstance(described, dict):
        kinds = described.get("oneOf")
        if isinstance(kinds, list) and {"type": "number"} in kinds:
            described = {**described, "oneOf": [one for one in kinds if one != {"type": "integer"}]}
        return {name: _counted_once(one) for name, one in described.items()}
    return [_counted_once(one) for one in described] if isinstance(described, list) else described


def _operation(path: str, verb: str, operation: dict[str, Any]) -> dict[str, Any]:
    results = {status: one for status, one in operation["responses"].items() if status.startswith("2")}
    refused = {status: _refusal(path, status) for status in _statuses(path, verb, operation)}
    public: dict[str, Any] = {"security": []} if is_public(verb.upper(), path) else {}
    return {**operation, **public, "responses": {**results, **refused}}


def _statuses(path: str, verb: str, operation: dict[str, Any]) -> list[str]:
    found = {*EVERYWHERE, "401"}
    if operation.get("parameters") or "requestBody" in operation:
        found.add("404")
    if verb != "get":
        found |= {"408", "409", "413"}
    return sorted(found)


def _refusal(path: str, status: str) -> dict[str, Any]:
    content = {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}}
    if other := OTHERWISE.get((path, status)):
        content["application/json"] = {"schema": {"$ref": f"#/components/schemas/{other}"}}
    return {"description": REFUSALS[status], "content": content}


def openapi() -> OpenAPIConfig:
    """Served at /api/v1/openapi.json."""
    return OpenAPIConfig(
        title="党务接口",
        version="1",
        description=(
            "与页面同一批服务，同样的权限。先 POST /api/v1/session 登录；写操作须带请求头 x-csrftoken，"
            "值取自 cookie csrftoken。办不了时回答 application/problem+json：code 供程序判断，sentence 供人阅读。"
        ),
        path="/api/v1",
        render_plugins=[_Complete(path="/openapi.json")],
        security=[SIGNED_IN],
        components=Components(
            security_schemes={
                "session": SecurityScheme(
                    type="apiKey",
                    name="dangwu-session",
                    security_scheme_in="cookie",
                    description="登录后得到的会话",
                )
            }
        ),
    )
