"""What another county has of each kind of thing: for asking every route for it, and getting 404.

Whoever adds a route with a new path parameter adds the parameter to `ids_of`, and, for an API route that takes a body, a
body that is well-formed to BODIES: else the answer would be about the body.
"""

from __future__ import annotations

import os
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

from core.casework.acts.attach import attach
from core.files.store import FileStore
from core.register.roster.batch import upload
from core.register.roster.template import empty_template
from tenants.database.session import county_session, current_session
from tests.web.cases.seed import applicant, opened
from tests.web.conftest import Seeded, everything

DAY = "2026-11-01"
PDF = b"%PDF-1.4\n1 0 obj<<>>endobj\ntrailer<<>>\n%%EOF\n"
UNIT_DRAFT = {"kind": "branch", "name": "新支部"}
SPLIT = {"version": 0, "plan": {"parts": [{"draft": UNIT_DRAFT}], "day": DAY, "paper": "批复", "rest": 0}}

PREVIEWED = """insert into policy_preview (unit_id, planned, seen, preview, fields, total, by_id)
    values ($1, '{}', '', '{}', '[]', 0, $2) returning id"""

EXPORTED = """insert into export (kind, asked, purpose, day, total, by_id, state, name, content)
    values ('people', '{}', '核对', now(), 0, $1, 'done', 'x', '\\x00') returning id"""

FEED = "insert into notice_feed (account_id, digest) values ($1, '') returning id"
HOOK = """insert into notice_hook (name, form, host, url, mode, active, by_id, by_name)
    values ('群', 'wecom', 'x', '', 'once', false, $1, '') returning id"""
NOTICE = """insert into notice (account_id, kind, occasion, what, by_name)
    values ($1, 'reset', uuidv7()::text, '', '') returning id"""
KEPT = "insert into saved_list (account_id, list, name, query) values ($1, '/cases', uuidv7()::text, '?q=a') returning id"

REMEMBERED = """insert into roster_word (unit_id, path, field, heard, meant, by_id, by_name)
    select id, path, 'heading', '同志', 'name', $2, '张三' from unit where id = $1
    on conflict (tenant_id, unit_id, field, heard) do update set meant = excluded.meant returning id"""

LISTED = """insert into unit_list (unit_id, path, filename, listed, by_id, by_name)
    select id, path, '党组织.xlsx', '{"entries": [], "ignored": [], "unread": []}', $2, '张三' from unit where id = $1
    returning id"""

HELD = """insert into activity (kind, unit_id, path, day, place, chair, recorder, minutes, eligible, present, why, by_id, by_name)
    select 'branch-meeting', id, path, '2026-11-01', '', '', '', '', 5, 5, '', $2, '某' from unit where id = $1 returning id"""

HELD_FILE = """insert into activity_file (activity_id, sha256, size, name, extension, mime, by_id, by_name)
    values ($1, repeat('a', 64), 1, '合影.jpg', 'jpg', 'image/jpeg', $2, '某') returning id"""

ROUND = """insert into rating_round (scheme, title, name, first, last, opened, rules, unit_id, path, by_id, by_name)
    select 'democratic-appraisal', '民主评议党员', '2025-1', '2025-01-01', '2025-12-31', '2025-12-01', '{}', id, path, $2, '某'
    from unit where id = $1 returning id"""

RATED = """insert into rating_subject (round_id, person_id, membership, tags, state, unit_id, path)
    select $1, id, 'full', '{}', 'owed', unit_id, path from person where id = $2 returning id"""

PLAN = """insert into year_plan (plan, title, year, state, edition, unit_id, path, by_id, by_name)
    select 'admission-plan', '发展党员年度计划', 2026, 'drawn', 1, id, path, $2, '某' from unit where id = $1 returning id"""

EDITION = """insert into plan_edition (plan_id, number, total, kinds, guidance, reason, by_id, by_name)
    values ($1, 1, 1, '{}', '', '', $2, '某') returning id"""

TERM = """insert into unit_term (unit_id, path, since, until, basis, by_id, by_name)
    select id, path, '2024-01-01', '2027-01-01', '批复', $2, '某' from unit where id = $1 returning id"""

GUEST = """insert into unit_guest (unit_id, person_id, since, by_id, by_name)
    values ($1, $2, '2026-01-01', $3, '某') returning id"""

UNIT_FILE = """insert into unit_file (unit_id, sha256, size, name, extension, mime, by_id, by_name)
    values ($1, repeat('b', 64), 1, '批复.pdf', 'pdf', 'application/pdf', $2, '某') returning id"""

SENT = """insert into letter (case_id, person_id, number, issuer, goes_to, issued_on, valid_until)
    values ($1, $2, '2026-1', '某党委', '某党委', '2026-11-01', '2027-01-30') returning id"""

OWN_LINK = """insert into own_link (person_id, digest, made_by, made_by_name, expires_at)
    values ($1, sha256(uuid_send($1::uuid)), $2, '某', now() + interval '1 day') returning id"""

MINIMISING = """insert into minimise_run (total, state, by_id, by_name) values (1, 'withdrawn', $1, '某') returning id"""

NUMBER = """insert into form_number (step, number, state, changed, unit_id, path, by_id, by_name)
    select 'form', uuidv7()::text, 'allotted', now(), id, path, $2, '某' from unit where id = $1 returning id"""

EXCEPTION = {
    "step": "pre-review",
    "facet": "timing",
    "param": "blackout",
    "day": DAY,
    "version": 0,
    "reason": "援疆",
}
ON_PAPER = {"step": "application", "day": DAY, "version": 0, "reason": "抄错了日期"}
STRUCK = {"entry": str(uuid4()), "version": 0, "reason": "记错了人"}
CORRECTION = {"entry": str(uuid4()), "day": DAY, "version": 0, "reason": "抄错了日期"}

SPANNED = "insert into person_span (person_id, kind, word, since) values ($1, 'limit', 'warning', now()) returning id"

SPAN = {"word": "branch-secretary", "since": DAY, "unit_id": str(uuid4())}

BODIES: dict[tuple[str, str], dict[str, Any]] = {
    ("POST", "/api/v1/activities/{activity_id}/correction"): {
        "activity": {"kind": "branch-meeting", "unit_id": str(uuid4()), "day": DAY},
        "reason": "记错了",
        "version": 0,
    },
    ("POST", "/api/v1/activities/{activity_id}/withdrawal"): {"reason": "记错了", "version": 0},
    ("POST", "/api/v1/letters/{letter_id}/renewal"): {"number": "9-1", "day": DAY, "reason": "遗失"},
    ("POST", "/api/v1/people/minimise/{run_id}/decline"): {"reason": "不办"},
    ("POST", "/api/v1/letters/{letter_id}/take"): {"unit_id": str(uuid4())},
    ("POST", "/api/v1/units/{unit_id}/children"): UNIT_DRAFT,
    ("POST", "/api/v1/units/{unit_id}/terms"): {"since": DAY, "basis": "批复"},
    ("PATCH", "/api/v1/units/{unit_id}"): {"version": 0, "draft": UNIT_DRAFT},
    ("POST", "/api/v1/units/{unit_id}/move"): {"version": 0, "parent_id": str(uuid4()), "day": DAY},
    ("POST", "/api/v1/units/{unit_id}/merge"): {"version": 0, "into_id": str(uuid4()), "day": DAY},
    ("POST", "/api/v1/units/{unit_id}/split"): SPLIT,
    ("POST", "/api/v1/units/{unit_id}/guests"): {"people": [str(uuid4())], "day": DAY},
    ("POST", "/api/v1/units/{unit_id}/guests/{guest_id}/end"): {"day": DAY},
    ("POST", "/api/v1/units/{unit_id}/split/foreseen"): SPLIT,
    ("POST", "/api/v1/units/{unit_id}/dissolve"): {"version": 0, "day": DAY},
    ("PUT", "/api/v1/people/{person_id}"): {"version": 0, "draft": {"name": "张三"}},
    ("POST", "/api/v1/people/{person_id}/tags"): {"day": DAY, "tags": []},
    ("POST", "/api/v1/people/{person_id}/leave"): {
        "version": 0,
        "draft": {"kind": "died", "day": DAY, "reason": "病故", "paper": "死亡医学证明"},
    },
    ("POST", "/api/v1/people/{person_id}/return"): {
        "unit_id": str(uuid4()),
        "day": DAY,
        "reason": "转回",
        "paper": "介绍信",
    },
    ("POST", "/api/v1/people/{person_id}/return/mistaken"): {"reason": "同名"},
    ("POST", "/api/v1/people/twins/{person_id}/{other_id}/apart"): {"reason": "同名"},
    ("POST", "/api/v1/people/twins/{person_id}/{other_id}/unite"): {
        "taken": [],
        "versions": [0, 0],
        "reason": "重复登记",
    },
    ("POST", "/api/v1/exports/{export_id}/agree"): {"mark": "1-2-3"},
    ("POST", "/api/v1/exports/{export_id}/decline"): {"reason": "用途不明"},
    ("POST", "/api/v1/people/{person_id}/sever"): {"reason": "不是同一人"},
    ("POST", "/api/v1/people/{person_id}/reveal"): {"what": "phone", "purpose": "核对身份信息"},
    ("POST", "/api/v1/imports/{batch_id}/words"): {"headings": {}, "values": {}},
    ("POST", "/api/v1/people/{person_id}/spans"): {"kind": "post", "draft": SPAN},
    ("PUT", "/api/v1/people/{person_id}/spans/{span_id}"): {"version": 0, "draft": SPAN},
    ("POST", "/api/v1/people/{person_id}/spans/{span_id}/void"): {"reason": "登记错了人"},
    ("POST", "/api/v1/ratings/people/{subject_id}/acts"): {"act": "close", "day": DAY, "version": 0},
    ("POST", "/api/v1/plans/{plan_id}/editions"): {"total": 1, "reason": "调整", "version": 1},
    ("POST", "/api/v1/numbers/{number_id}/void"): {"note": "写坏了"},
    ("POST", "/api/v1/plans/{plan_id}/acts"): {"act": "submit", "day": DAY, "version": 1},
    ("POST", "/api/v1/accounts/{account_id}/active"): {"active": False},
    ("POST", "/api/v1/accounts/{account_id}/person"): {"person_id": None},
    ("POST", "/api/v1/accounts/{account_id}/grants"): {
        "role": "inspector",
        "unit_id": str(uuid4()),
        "since": DAY,
    },
    ("POST", "/api/v1/accounts/grants/{grant_id}/end"): {"last": DAY},
    ("POST", "/api/v1/cases/{case_id}/records"): {"step": "applicant-talk", "day": DAY, "version": 0},
    ("POST", "/api/v1/cases/{case_id}/returns"): {
        "step": "application",
        "day": DAY,
        "version": 0,
        "reason": "补材料",
    },
    ("POST", "/api/v1/cases/{case_id}/facts"): {"day": DAY, "version": 0, "tags": []},
    ("POST", "/api/v1/cases/{case_id}/notes"): {"text": "已电话核实"},
    ("POST", "/api/v1/cases/{case_id}/corrections"): CORRECTION,
    ("POST", "/api/v1/cases/{case_id}/corrections/preview"): CORRECTION,
    ("POST", "/api/v1/cases/{case_id}/paper-corrections"): ON_PAPER,
    ("POST", "/api/v1/cases/{case_id}/paper-corrections/preview"): ON_PAPER,
    ("POST", "/api/v1/cases/{case_id}/strikes"): STRUCK,
    ("POST", "/api/v1/cases/{case_id}/strikes/preview"): STRUCK,
    ("POST", "/api/v1/cases/{case_id}/corrections/{request_id}/answer"): {"granted": True, "version": 0},
    ("POST", "/api/v1/cases/{case_id}/exceptions"): EXCEPTION,
    ("POST", "/api/v1/cases/{case_id}/exceptions/preview"): EXCEPTION,
    ("POST", "/api/v1/cases/{case_id}/end"): {
        "reason": "withdrawn",
        "day": DAY,
        "version": 0,
        "note": "本人申请",
    },
    ("POST", "/api/v1/cases/{case_id}/reopening"): {"version": 0, "note": "本人要求"},
}

FORMS: dict[tuple[str, str], dict[str, str]] = {
    ("POST", "/units/{unit_id}/dissolve"): {"day": DAY},
    ("POST", "/exports/{export_id}/agree"): {"mark": "1-2-3"},
    ("POST", "/exports/{export_id}/decline"): {"reason": "用途不明"},
    ("POST", "/people/{person_id}/leave"): {
        "kind": "died",
        "day": DAY,
        "reason": "病故",
        "paper": "死亡医学证明",
        "version": "0",
    },
    ("POST", "/people/{person_id}/return"): {
        "unit": str(uuid4()),
        "day": DAY,
        "reason": "转回",
        "paper": "介绍信",
    },
    ("POST", "/people/{person_id}/return/mistaken"): {"mistake": "同名"},
    ("POST", "/people/{person_id}/reveal"): {"what": "phone", "purpose": "核对身份信息"},
    ("POST", "/cases/{case_id}/notes"): {"text": "已电话核实"},
}
"""Complete forms, where an incomplete one would be refused before anything is looked up."""


FILES: dict[tuple[str, str], tuple[str, bytes]] = {
    ("POST", "/api/v1/activities/{activity_id}/files"): ("合影.pdf", PDF),
    ("POST", "/api/v1/cases/{case_id}/attachments"): ("申请书.pdf", PDF),
}
"""Uploads by multipart: the field is `file`."""


async def ids_of(
    county: Seeded, branch: str = "东街支部", login: str = "branch-secretary"
) -> dict[str, UUID]:
    """Path parameter → the id of such a thing at this branch; the account is that of `login`."""
    async with county_session(county.id):
        person = await applicant(county, f"申请人{branch}", branch)
        other = await applicant(county, f"另一人{branch}", branch)
        case = await opened(county, person)
        store = FileStore(Path(os.environ["DANGWU_DATA"]) / "files" / str(county.id))
        attachment = await attach(everything(), case, await store.put("申请书.pdf", _chunks()))
        batch = await upload(everything(), county.units[branch].id, "名册.xlsx", empty_template())
        account = county.accounts[login]
        preview = await current_session().fetchval(PREVIEWED, county.units[branch].id, account)
        export = await current_session().fetchval(EXPORTED, account)
        listed = await current_session().fetchval(LISTED, county.units[branch].id, account)
        word = await current_session().fetchval(REMEMBERED, county.units[branch].id, account)
        entry = await current_session().fetchval("select id from case_entry where case_id = $1", case)
        span = await current_session().fetchval(SPANNED, person)
        activity = await current_session().fetchval(HELD, county.units[branch].id, account)
        held_file = await current_session().fetchval(HELD_FILE, activity, account)
        round_id = await current_session().fetchval(ROUND, county.units[branch].id, account)
        subject = await current_session().fetchval(RATED, round_id, person)
        plan_id = await current_session().fetchval(PLAN, county.units[branch].id, account)
        await current_session().fetchval(EDITION, plan_id, account)
        letter = await current_session().fetchval(SENT, case, person)
        number_id = await current_session().fetchval(NUMBER, county.units[branch].id, account)
        own_link = await current_session().fetchval(OWN_LINK, person, account)
        term = await current_session().fetchval(TERM, county.units[branch].id, account)
        guest = await current_session().fetchval(GUEST, county.units[branch].id, person, account)
        unit_file = await current_session().fetchval(UNIT_FILE, county.units[branch].id, account)
        kept = await current_session().fetchval(KEPT, account)
        minimising = await current_session().fetchval(MINIMISING, account)
        job = await current_session().fetchval("select run_id from outbox where run_id is not null limit 1")
        feed = await current_session().fetchval(FEED, account)
        hook = await current_session().fetchval(HOOK, account)
        notice = await current_session().fetchval(NOTICE, account)
        grant = await current_session().fetchval("select id from holding where account_id = $1", account)
    return {
        "unit_id": county.units[branch].id,
        "person_id": person,
        "other_id": other,
        "case_id": case,
        "attachment_id": attachment,
        "account_id": account,
        "sign_in": account,
        "token_id": account,
        "deputation_id": account,
        "link_id": account,
        "provider_id": account,
        "county": account,
        "activity_id": activity,
        "file_id": held_file,
        "round_id": round_id,
        "subject_id": subject,
        "plan_id": plan_id,
        "number_id": number_id,
        "grant_id": grant,
        "span_id": span,
        "batch_id": batch,
        "word_id": word,
        "list_id": listed,
        "preview_id": preview,
        "export_id": export,
        "saved_id": kept,
        "notice_id": notice,
        "hook_id": hook,
        "feed_id": feed,
        "section": kept,
        "entry_id": entry,
        "request_id": entry,
        "letter_id": letter,
        "term_id": term,
        "guest_id": guest,
        "unit_file_id": unit_file,
        "own_link_id": own_link,
        "job_id": job,
        "run_id": minimising,
        "operator_id": account,
        "ticket": account,
    }


async def _chunks() -> AsyncIterator[bytes]:
    yield PDF
