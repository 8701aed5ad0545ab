# base: core

# breaks: in
DELETE { ?x dcterms:license ?old }
INSERT { ?x dcterms:license <https://creativecommons.org/licenses/by/4.0/> }
WHERE { ?x a schema:Dataset . ?x dcterms:license ?old }

# breaks: in (a second one)
INSERT { ?x dcterms:license <https://creativecommons.org/licenses/by/4.0/> }
WHERE { ?x a schema:Dataset }

# breaks: in (a text)
DELETE { ?x dcterms:license ?old }
INSERT { ?x dcterms:license "CC0" }
WHERE { ?x a schema:Dataset . ?x dcterms:license ?old }

# breaks: minCount
DELETE { ?x dcterms:license ?old }
WHERE { ?x a schema:Dataset . ?x dcterms:license ?old }
