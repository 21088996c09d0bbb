"""What is odd in an installation and its data, each with what to do about it.

`checks.CHECKS` lists what is looked at; each check reads and changes nothing. `times.normalise` is the one cure that
the doctor has: it writes times in the contract's first form.
"""
