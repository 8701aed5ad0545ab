# base: core

# breaks: class
DELETE { ?x schema:creator ?old }
INSERT { ?x schema:creator <https://www.example.org/> }
WHERE { ?x a schema:Dataset . ?x schema:creator ?old }
