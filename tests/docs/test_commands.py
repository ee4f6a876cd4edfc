"""What the documentation tells people to type is what the command line takes, and what it links to is there."""

from __future__ import annotations

import re
import shlex
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import pytest
import typer

from vitreous.cli.app import whole

ROOT = Path(__file__).parents[2]
PAGES = (ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md")))
SHELL = ("bash", "sh", "shell", "console")
SECTIONS = (ROOT / "docs" / "command_line.md").read_text(encoding="utf-8").split("\n## ")[1:]

FENCE = re.compile(r"\s*(`{3,}|:{3,})\s*(\{?[\w-]*\}?)")
INDENTED = re.compile(r" {4,}\S")
INLINE = re.compile(r"(?<!`)`(vitreous [^`]+)`(?!`)")
LINK = re.compile(r"\[[^\]]*\]\(([^)\s]+)\)")
HEADING = re.compile(r"^#{1,6} (.+)$", re.MULTILINE)
OPTION = re.compile(r"`(--[a-z-]+|-[a-zA-Z])\b")
# Where one command of a line ends and another begins, or what is said to the shell alone.
SEPARATORS = ("&&", "||", "|", ";", "&")
REDIRECTIONS = (">", ">>", "<", "2>")


@dataclass(frozen=True)
class Line:
    """A command line, without the word ``vitreous`` at its beginning."""

    where: str
    words: tuple[str, ...]


vitreous = cache(whole)


def code_blocks(page):
    """(number of the first line, language, lines) of every block, indented ones under the language ``indented``."""
    lines = page.read_text(encoding="utf-8").split("\n")
    number = 0
    while number < len(lines):
        fence = FENCE.match(lines[number])
        if fence and (fence[1].startswith("`") or fence[2] == "{code-cell}"):
            first = number = number + 1
            while number < len(lines) and not lines[number].lstrip().startswith(fence[1]):
                number += 1
            yield first + 1, fence[2], lines[first:number]
        elif page.name == "README.md" and INDENTED.match(lines[number]):
            yield number + 1, "indented", [lines[number]]
        number += 1


def commands_of(text):
    """The arguments of every call of vitreous in a line of a shell."""
    lexer = shlex.shlex(text, posix=True, punctuation_chars="|&;<>")
    lexer.whitespace_split = True
    one: list[str] = []
    found = []
    for word in [*lexer, ";"]:
        if word in SEPARATORS:
            found.append(one)
            one = []
        else:
            one.append(word)
    for words in found:
        for k, word in enumerate(words):
            if word in REDIRECTIONS:
                del words[k:]
                break
        while words and (words[0] in ("nice", "srun", "time", "exec") or re.fullmatch(r"\w+=\S*", words[0])):
            del words[0]
        if words and (words[0] == "vitreous" or words[0].endswith("/bin/vitreous")):
            yield tuple(words[1:])


def typed():
    """Every call of vitreous in a block of shell commands."""
    for page in PAGES:
        for number, language, lines in code_blocks(page):
            if language not in (*SHELL, "indented"):
                continue
            text = "\n".join(lines).replace("\\\n", " ")
            for line in text.split("\n"):
                if "vitreous" in line:
                    for words in commands_of(line):
                        yield Line(f"{page.relative_to(ROOT)}, block at line {number}", words)


def mentioned():
    """Calls of vitreous inside sentences and synopses, of which parts may be left out."""
    for page in PAGES:
        text = page.read_text(encoding="utf-8")
        for found in INLINE.finditer(text):
            yield Line(f"{page.relative_to(ROOT)}, {found[0]}", tuple(found[1].split()[1:]))
        for number, language, lines in code_blocks(page):
            if language == "text":
                for line in lines:
                    if line.startswith("vitreous "):
                        where = f"{page.relative_to(ROOT)}, block at line {number}"
                        yield Line(where, tuple(line.replace("[", "").replace("]", "").split()[1:]))


def command_of(words):
    """The command that the words call, and the words behind its name."""
    command, rest = vitreous(), list(words)
    if rest[:1] == ["simulate"] and rest[1:2] and rest[1].endswith(".toml"):
        rest[1] = "kob-andersen"  # the file of a page is not here; its liquid has a temperature
    while hasattr(command, "commands") and rest and rest[0] in command.commands:
        command = command.commands[rest.pop(0)]
    if rest and rest[0].endswith(".toml") and "kob-andersen" in getattr(command, "commands", ()):
        rest[0], command = "", command.commands["kob-andersen"]  # a model of one's own has the same options
        del rest[0]
    return command, rest


def parse(words):
    """Take a command line as vitreous would, without doing what it says; variables of the shell are numbers."""
    command, rest = command_of(re.sub(r"\$\w+", "1", word) for word in words)
    if hasattr(command, "commands") and rest and not rest[0].startswith("-"):
        raise AssertionError(f"there is no command {rest[0]!r}")
    try:
        command.make_context("vitreous", rest)
    except typer.Exit:
        pass  # --help and --version
    except Exception as error:
        if hasattr(error, "format_message"):
            raise AssertionError(error.format_message()) from None
        raise


def options_of(command):
    """All names of the options of a command, of its subcommands too."""
    names = {name for one in command.params for name in one.opts if name.startswith("-")} | {"-h", "--help"}
    for one in getattr(command, "commands", {}).values():
        names |= options_of(one)
    return names


def anchors_of(page):
    """The anchors of the headings of a page, as GitHub and MyST make them."""
    text = re.sub(r"^```.*?^```", "", page.read_text(encoding="utf-8"), flags=re.DOTALL | re.MULTILINE)
    plain = (re.sub(r"[^\w\- ]", "", heading.lower()) for heading in HEADING.findall(text))
    return {heading.strip().replace(" ", "-") for heading in plain}


TYPED = tuple(dict.fromkeys(typed()))


def test_there_are_commands_to_look_at():
    pages = {line.where.split(",")[0] for line in TYPED}
    assert {"README.md", "docs/quickstart.md", "docs/study.md", "docs/cluster.md"} <= pages
    assert len(TYPED) > 60
    assert len({line.words[0] for line in TYPED if line.words}) >= 10


@pytest.mark.parametrize("line", TYPED, ids=lambda line: " ".join(("vitreous", *line.words)))
def test_a_command_of_the_documentation_is_understood(line):
    try:
        parse(line.words)
    except AssertionError as error:
        pytest.fail(f"{line.where}: vitreous {' '.join(line.words)}: {error}", pytrace=False)


def test_commands_that_are_mentioned_exist_with_their_options():
    for line in mentioned():
        command, rest = command_of(line.words)
        assert command is not vitreous() or rest[0].startswith(("-", "COMMAND")), line
        given = {word.split("=")[0] for word in rest if re.match(r"--?[a-zA-Z]", word)}
        assert given <= options_of(command), line


def test_a_wrong_option_would_be_seen():
    for words in (
        ("reveal", "a.gsd", "--no-such-option"),
        ("reveal",),
        ("reveal", "a.gsd", "b.gsd"),
        ("revael", "a.gsd"),
        ("simulate", "hard-spheres", "--particles", "many"),
        ("study", "run", "a.toml", "--worker", "2"),
    ):
        with pytest.raises(AssertionError):
            parse(words)


def test_lines_are_cut_as_a_shell_cuts_them():
    assert list(commands_of("cd a && .venv/bin/vitreous demo > b.txt  # c")) == [("demo",)]
    assert list(commands_of("N=1 vitreous tcc a.gsd | sort; vitreous demo")) == [("tcc", "a.gsd"), ("demo",)]
    assert list(commands_of("pip install 'vitreous[lammps]'")) == []
    assert list(commands_of('vitreous propensity a --shard "$I/32"')) == [
        ("propensity", "a", "--shard", "$I/32")
    ]


@pytest.mark.parametrize("name", sorted(vitreous().commands))
def test_the_page_of_the_command_line_tells_every_option(name):
    command = vitreous().commands[name]
    (section,) = (text for text in SECTIONS if text.startswith(f"`vitreous {name}`"))
    shared = next(text for text in SECTIONS if text.startswith("`vitreous reveal`"))
    told = set(OPTION.findall(section))
    rows = [line.split("|")[1] for line in section.split("\n") if line.startswith("| `-")]
    of_rows = {option for row in rows for option in OPTION.findall(row)}
    assert of_rows <= options_of(command), "options that do not exist"
    long = {option for option in options_of(command) if option.startswith("--")} - {"--help"}
    refers = "What the file says" in section
    assert long <= told | (set(OPTION.findall(shared)) if refers else set()), "options that are not told"


@pytest.mark.parametrize("page", [ROOT / "README.md", ROOT / "ARCHITECTURE.md"], ids=lambda page: page.name)
def test_links_lead_somewhere(page):
    for target in LINK.findall(page.read_text(encoding="utf-8")):
        if re.match(r"[a-z]+:", target):
            continue
        name, _, anchor = target.partition("#")
        file = page.parent / name if name else page
        assert file.exists(), f"{page.name}: {target}: there is no such file"
        if anchor:
            assert anchor in anchors_of(file), f"{page.name}: {target}: there is no such heading"
