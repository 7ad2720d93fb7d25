"""What comes of every address of the house, for everybody: one module for each world of the walk (`test_addresses`).

A line is an address, the things of its world (or words) that it names, and what comes of GET and of POST with nothing
in it; "-" where the address does not take the method. "rest" are the roles not named; without it they get 404, and where
nobody is signed in: the page to sign in (302), or for a form the page that keeps what was typed (403). A page of the
public says "nobody" or "all".
"""
