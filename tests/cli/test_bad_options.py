"""Options that make no sense: one clear line, exit status 2, nothing left behind."""

from __future__ import annotations

import pytest

import vitreous as vt


@pytest.mark.parametrize(
    ("words", "saying"),
    [
        (["nosuch"], "No such command 'nosuch'; see vitreous --help"),
        (["--nosuch"], "No such option: --nosuch; see vitreous --help"),
        (["reveal"], "Missing .*; see vitreous reveal --help"),
        (["reveal", "a", "b"], "unexpected extra argument"),
        (["reveal", "a", "--nosuch"], "No such option: --nosuch; see vitreous reveal --help"),
        (["reveal", "a", "--radius"], "--radius.* requires an argument"),
        (["view"], "Missing .*; see vitreous view --help"),
        (["demo", "a"], "unexpected extra argument"),
        (["demo", "-o", "none/x"], "the folder none does not exist"),
    ],
)
def test_command_line(refused, words, saying):
    refused(*words, saying=saying)


@pytest.mark.parametrize(
    ("options", "saying"),
    [
        (["--neighbors", "far"], "--neighbors: expected a number, got 'far'"),
        (["--neighbors", "-1"], "cutoff: must be positive and finite"),
        (["--neighbors", "nan"], "--neighbors: expected a number"),
        (["--neighbors", "A=1"], "expected pairs such as A-B=1.2, got 'A'"),
        (["--neighbors", "A-A=1"], "none given for the species pair A, B"),
        (["--neighbors", "A-A=1,A-B=1,B-B=1,A-C=1"], "unknown species pair"),
        (["--neighbors", "A-A=1,A-A=2"], "A-A is given twice"),
        (["--neighbors", "9"], "cutoff: 9 is more than half the box"),
        (["--symmetry", "both"], "symmetry: expected 'mutual', 'union' or 'none', got 'both'"),
        (["--reducer", "magic"], "reducer: expected 'autoencoder' or 'pca', got 'magic'"),
        (["--bottleneck", "0"], "bottleneck: expected 'auto' or a whole number from 1 to 8, got 0"),
        (["--bottleneck", "9"], "bottleneck: expected 'auto' or a whole number from 1 to 8, got 9"),
        (["--bottleneck", "-1"], "--bottleneck: expected auto or a whole number"),
        (["--bottleneck", "two"], "--bottleneck: expected auto or a whole number"),
        (["--seed", "-1"], "--seed"),
        (["--seed", "lucky"], "--seed"),
        (["--radius", "-1"], "radius: must be positive and finite, got -1.0"),
        (["--radius", "0"], "radius: must be positive"),
        (["--radius", "nan"], "radius: must be positive"),
        (["--radius", "wide"], "--radius"),
        (["--radius", "5.5"], "radius: the local average over 5.5 .given. reaches over half the box, 5.48"),
        (["--frame", "7"], "there is no frame 7; the file has 1"),
        (["--frame", "-2"], "there is no frame -2"),
        (["--frame", "last"], "--frame"),
        (["--format", "pdb"], "unknown format 'pdb'"),
        (["--format", "gsd"], "this looks like an extended xyz file, not like a GSD file"),
        (["--box", "1,2"], "--box: expected LX,LY,LZ or LX,LY,LZ,XY,XZ,YZ, got '1,2'"),
        (["--box", "1,2,x"], "--box: expected a number, got 'x'"),
        (["--box", "10,10,0"], "along z is zero"),
        (["--box", "10,-10,10"], "edge lengths must be positive"),
        (["--box", "3,3,3"], "lies outside the box"),
        (["--periodic", "ab"], "--periodic: expected axes such as xyz or xy, or none; got 'ab'"),
        (["--periodic", "xx"], "--periodic: expected axes"),
        (["--periodic", ""], "--periodic: expected axes"),
        (["--species", "A"], "species: there is no column 'A' in .*, which has propensity, mark"),
        (["--species", "C=D"], "species: C not in .*, which has A, B"),
        (["--species", "A=,B=C"], "--species: expected NAME=VALUE"),
        (["--diameters", "A=-1,B=1"], "diameters: must be positive"),
        (["--diameters", "-1"], "diameters: must be positive"),
        (["--diameters", "A=1"], "diameters: none given for species B"),
        (["--diameters", "C=1"], "diameters: none given for species A, B"),
        (["--diameters", "A=1,B=1,C=1"], "diameters: unknown species C; .* has A, B"),
        (["--diameters", "A=big,B=1"], "--diameters: expected a number, got 'big'"),
        (["--diameters", "8"], "two large diameters. reaches over half the box"),
    ],
)
def test_reveal(refused, liquid, options, saying):
    refused("reveal", liquid, *options, saying=saying)


@pytest.mark.parametrize(
    ("options", "saying"),
    [
        (["--color", "nosuch"], "--color: .* has no column 'nosuch'; it has propensity, mark"),
        (["-o", "page.txt"], "page.txt: a page needs the suffix .html"),
        (["-o", "none/page.html"], "the folder none does not exist"),
        (["--frame", "7"], "there is no frame 7"),
        (["--box", "1,2"], "--box"),
    ],
)
def test_view(refused, liquid, options, saying):
    refused("view", liquid, *options, saying=saying)


@pytest.mark.parametrize(
    ("options", "saying"),
    [
        (["--neighbors", "1.4"], "trained with SANN neighbours .mutual., not 1.4"),
        (["--neighbors", "cutoff"], "trained with SANN neighbours .mutual., not cutoff"),
        (["--neighbors", "A-A=1,A-B=1,B-B=1"], "trained with SANN"),
        (["--symmetry", "union"], "trained with SANN neighbours .mutual., not with symmetry union"),
        (["--reducer", "pca"], "--reducer: it is for training, but --model is applied unchanged"),
        (["--bottleneck", "2"], "--bottleneck: it is for training"),
        (["--per-species"], "--per-species: it is for training"),
        (["--seed", "0"], "--seed: it is for training"),
        (["--radius", "5.5"], "reaches over half the box"),
    ],
)
def test_options_that_do_not_go_with_a_model(refused, liquid, model, options, saying):
    refused("reveal", liquid, "--model", model, *options, saying=saying)


def test_missing_and_damaged_models(refused, here, liquid, model):
    refused("reveal", liquid, "--model", "none.vtm", saying="none.vtm: cannot read: No such file")
    refused("reveal", liquid, "--model", ".", saying="Is a directory")
    refused("reveal", liquid, "--model", liquid, saying="liquid.extxyz: not a vitreous model")
    (here / "half.vtm").write_bytes(model.read_bytes()[:2000])
    refused("reveal", liquid, "--model", "half.vtm", saying="half.vtm: not a vitreous model, or one that was")


def test_a_model_that_does_not_fit_the_snapshot(refused, here, liquid, hard_spheres):
    vt.OrderParameter(reducer="pca", neighbors=1.4).fit(hard_spheres).save("cutoff.vtm")
    vt.OrderParameter(reducer="pca", per_species=True).fit(hard_spheres).save("species.vtm")
    scaled = vt.Configuration(hard_spheres.positions * 3, hard_spheres.box.vectors * 3)
    vt.write("scaled.gsd", scaled)
    refused("reveal", "scaled.gsd", "--model", "cutoff.vtm", saying="are the length units the same")
    renamed = ["--species", "A=large", "--model", "species.vtm"]
    refused("reveal", liquid, *renamed, saying="knows species A, B, the snapshot also has large")


def test_the_traceback_can_be_asked_for(run, here):
    with pytest.raises(vt.FileError, match="No such file"):
        run("reveal", "none.gsd", "--debug")
