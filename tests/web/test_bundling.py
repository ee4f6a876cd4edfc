"""One script out of modules: in which order, and what is refused."""

from __future__ import annotations

import re
from importlib import resources

import pytest

from vitreous.web import bundle, modules_of

PAGES = ("viewer/main.js", "study/main.js")


@pytest.fixture
def modules(tmp_path):
    """Write modules by name, and bundle the first."""

    def write(**texts):
        for name, text in texts.items():
            (tmp_path / f"{name}.js").write_text(text, encoding="utf-8")
        return bundle(f"{next(iter(texts))}.js", folder=tmp_path)

    return write


def test_imports_come_first_and_once(modules):
    script = modules(
        a='import { b } from "./b.js";\nimport {\n  c, d,\n} from "./c.js";\n\nb(c, d);\n',
        b='import { c } from "./c.js";\n\nexport function b() { return c; }\n',
        c="export const c = 1;\nexport class d {}\n",
    )
    assert script == (
        "// c.js\nconst c = 1;\nclass d {}\n\n// b.js\nfunction b() { return c; }\n\n// a.js\nb(c, d);\n"
    )


def test_folders(tmp_path):
    for folder in ("x", "y"):
        (tmp_path / folder).mkdir()
    (tmp_path / "x/a.js").write_text('import { b } from "../y/b.js";\nb();\n')
    (tmp_path / "y/b.js").write_text('import { c } from "./c.js";\nexport const b = c;\n')
    (tmp_path / "y/c.js").write_text("export const c = () => {};\n")
    assert list(modules_of("x/a.js", folder=tmp_path)) == ["y/c.js", "y/b.js", "x/a.js"]


def test_comments_go_and_code_stays(modules):
    script = modules(
        a="// Why.\n\n/** @import { T } from \"./t.js\" */\n\n/**\n * @param {T} x\n */\nconst f = (x) => x; // so\n"
        'const twice = "a//b"; /* here */\n/** @type {T} */ (f).g();\n/* one */ f();\n/** @param {T} t */\nf(2);\n'
    )  # fmt: skip
    assert script == (
        '// a.js\nconst f = (x) => x; // so\nconst twice = "a//b"; /* here */\n'
        "/** @type {T} */ (f).g();\n/* one */ f();\nf(2);\n"
    )


def test_a_circle(modules):
    with pytest.raises(ValueError, match=r"in a circle: b\.js → c\.js → b\.js"):
        modules(
            a='import { b } from "./b.js";\nb();\n',
            b='import { c } from "./c.js";\nexport const b = () => c;\n',
            c='import { b } from "./b.js";\nexport const c = () => b;\n',
        )


@pytest.mark.parametrize("again", ["const shared = 2;", "export function shared() {}", "class shared {}"])
def test_a_name_that_two_modules_declare(modules, again):
    with pytest.raises(ValueError, match=r"a\.js: shared is declared at the top of b\.js too; rename one"):
        modules(
            a=f'import {{ b }} from "./b.js";\n{again}\nb();\n',
            b="let shared = 1;\nexport const b = shared;\n",
        )


def test_a_name_that_is_not_exported(modules):
    with pytest.raises(ValueError, match=r"a\.js: imports hidden from b\.js, which does not export it"):
        modules(a='import { hidden } from "./b.js";\n', b="const hidden = 1;\n")


@pytest.mark.parametrize(
    "line",
    [
        'import b from "./b.js";',
        'import * as b from "./b.js";',
        'import { x as y } from "./b.js";',
        "export default 3;",
        "export { b };",
        'export * from "./b.js";',
        "export const [x, y] = [1, 2];",
        'import { fetch } from "//example/b.js";',
    ],
)
def test_other_forms(modules, line):
    with pytest.raises(ValueError, match=r"a\.js: "):
        modules(a=f"{line}\n", b="export const b = 1;\nexport const x = 1;\n")


def test_the_pages():
    script = bundle(*PAGES)
    assert not re.search(r"^(import|export)\b|@import|@param", script, re.MULTILINE)
    assert "</script" not in script


def test_every_module_is_part_of_a_page():
    folder = resources.files("vitreous.web")
    files = {str(path.relative_to(folder)) for path in folder.rglob("*.js")}
    assert files == set(modules_of(*PAGES))
