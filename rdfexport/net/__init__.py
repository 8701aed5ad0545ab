"""Everything that is sent over HTTP: one session, one download, one SPARQL client, one login.

``net.session`` and what builds on it import requests, which is slow: import those inside functions.
"""
