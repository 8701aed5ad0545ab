# base: core

# breaks: pattern (a network)
DELETE { ?x ?p ?old }
INSERT { ?x ?p <https://www.ndexbio.org/viewer/networks/E93DEA57> }
WHERE {
  VALUES ?p { rdfs:seeAlso schema:subjectOf }
  ?x a schema:Dataset ; ?p ?old . FILTER (CONTAINS (STR (?old), "ndexbio"))
}

# breaks: pattern (a pathway)
DELETE { ?x ?p ?old }
INSERT { ?x ?p <https://identifiers.org/wikipathways/4535> }
WHERE {
  VALUES ?p { rdfs:seeAlso schema:subjectOf }
  ?x a schema:Dataset ; ?p ?old . FILTER (CONTAINS (STR (?old), "wikipathways"))
}

# breaks: nodeKind
DELETE { ?x ?p ?old }
INSERT { ?x ?p ?new }
WHERE {
  VALUES ?p { rdfs:seeAlso schema:subjectOf }
  ?x a schema:Dataset ; ?p ?old . BIND (STR (?old) AS ?new)
}
