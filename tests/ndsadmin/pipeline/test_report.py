from ndsadmin.pipeline.report import Report


def test_a_report_counts_rows_and_tells_what_was_odd_by_kind():
    report = Report("dump.sql", rows={"tenants": 2, "users": 1_300})
    for number in range(7):
        report.note("users", "status 'asleep' is no known value", "kept", f"u{number}")
    report.passed_over["d1_migrations"] = 3

    assert report.lines() == [
        "Imported dump.sql",
        "",
        "Rows stored",
        "  tenants          2",
        "  users        1,300",
        "  in all       1,302",
        "",
        "Odd",
        "  users: status 'asleep' is no known value: 7; kept",
        "      u0",
        "      u1",
        "      u2",
        "      u3",
        "      u4",
        "      … and 2 more",
        "",
        "Passed over, not of the contract",
        "  d1_migrations: 3",
    ]


def test_the_kept_report_has_all_keys():
    report = Report("dump.sql")
    for number in range(7):
        report.note("users", "odd", "kept", f"u{number}")

    assert "      u6" in report.lines(shown=None)
