# base: core

# breaks: or (a gene that no mention names)
INSERT { ?x schema:mentions <https://identifiers.org/ncbigene/2475> }
WHERE { ?x a schema:Dataset }
