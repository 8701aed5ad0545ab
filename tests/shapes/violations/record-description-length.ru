# base: core

# breaks: minLength
DELETE { ?x schema:description ?old }
INSERT { ?x schema:description "Figure" }
WHERE { ?x a schema:Dataset . ?x schema:description ?old }

# breaks: maxLength
DELETE { ?x schema:description ?old }
INSERT { ?x schema:description ?new }
WHERE { ?x a schema:Dataset . ?x schema:description ?old . BIND (REPLACE(?old, ".", "ten letters, and ten letters, and ten letters, and ten letters, and ten letters, and ten letters, and ") AS ?new) }
