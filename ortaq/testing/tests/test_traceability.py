import ast
from textwrap import dedent

from ortaq.testing import traceability


def test_a_range_of_ids_counts_for_each_of_them():
    text = "the outcome (GR-S-11..13), see GR-X-01; SO-T-075; IM-070"
    assert set(traceability.names_in(text)) == {
        "GR-S-11", "GR-S-12", "GR-S-13", "GR-X-01", "SO-T-075", "IM-070",
    }  # fmt: skip


def test_marks_on_functions_classes_modules_and_parameters_are_all_seen():
    module = ast.parse(
        dedent(
            """
            pytestmark = [pytest.mark.django_db, pytest.mark.req("GR-P-01")]

            @pytest.mark.req("GR-A-03", "GR-A-04")
            def test_window(): ...

            class TestDeadline:
                @pytest.mark.req("GR-A-06")
                def test_extension(self): ...

            @pytest.mark.parametrize("n", [pytest.param(1, marks=pytest.mark.req("GR-C-05"))])
            def test_size(n): ...

            @pytest.mark.skipif(True, reason="GR-A-07")
            def test_other(): ...
            """
        )
    )
    assert sorted(traceability.marks(module, ())) == [
        ("GR-A-03", ("test_window",)),
        ("GR-A-04", ("test_window",)),
        ("GR-A-06", ("TestDeadline", "test_extension")),
        ("GR-C-05", ("test_size",)),
        ("GR-P-01", ()),
    ]


def test_the_page_names_a_file_once_however_many_tests_it_has():
    tests = [
        "b/test_b.py::test_1",
        "a/test_a.py::TestX::test_2",
        "a/test_a.py::test_3",
        "c/test_c.py",
    ]
    assert traceability.files(tests) == ["a/test_a.py", "b/test_b.py", "c/test_c.py"]
