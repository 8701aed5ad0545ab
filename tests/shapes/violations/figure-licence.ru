# base: core

# breaks: maxCount
INSERT { ?x dcterms:license <https://creativecommons.org/publicdomain/zero/1.0/> }
WHERE { ?x a schema:ImageObject }
