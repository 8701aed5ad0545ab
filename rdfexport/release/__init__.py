"""Releases: dated folders of files that describe themselves.

``make`` writes a release, with the ``tables`` of its figures; ``describe`` writes its descriptions,
``diff`` the changes since an earlier release; ``verify`` checks all of it. What is directly here is
shared: ``model`` (``release.json``), ``checksums``, ``signature``, ``fetch`` (from an address),
``archives`` and ``git``.
"""
