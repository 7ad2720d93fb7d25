"""The suite's fixtures live in ortaq.testing; this file only names them."""

pytest_plugins = ["ortaq.testing.plugin", "ortaq.testing.browser"]
