# base: core

# breaks: in (a text)
DELETE { ?x schema:license ?old }
INSERT { ?x schema:license "CC0" }
WHERE { ?x a schema:Dataset . ?x schema:license ?old }
