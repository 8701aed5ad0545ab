# base: core

# breaks: maxCount
INSERT { ?x rdfs:seeAlso <https://www.ndexbio.org/viewer/networks/e93dea57-deb4-11ea-99da-0ac135e8bacb> }
WHERE { ?x a schema:Dataset }

# breaks: pattern
DELETE { ?x rdfs:seeAlso ?old }
INSERT { ?x rdfs:seeAlso <https://www.ndexbio.org/viewer/networks/E93DEA57> }
WHERE { ?x a schema:Dataset . ?x rdfs:seeAlso ?old }

# breaks: nodeKind
DELETE { ?x rdfs:seeAlso ?old }
INSERT { ?x rdfs:seeAlso ?new }
WHERE { ?x a schema:Dataset . ?x rdfs:seeAlso ?old . BIND (STR(?old) AS ?new) }
