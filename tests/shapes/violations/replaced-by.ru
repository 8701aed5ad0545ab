# base: linkset

# breaks: maxCount
INSERT { ?x dcterms:isReplacedBy <http://id.nlm.nih.gov/mesh/D000001> }
WHERE { ?x dcterms:isReplacedBy ?new }

# breaks: pattern
DELETE { ?x dcterms:isReplacedBy ?new }
INSERT { ?x dcterms:isReplacedBy <https://identifiers.org/mesh/D000094062> }
WHERE { ?x dcterms:isReplacedBy ?new }

# breaks: nodeKind
DELETE { ?x dcterms:isReplacedBy ?new }
INSERT { ?x dcterms:isReplacedBy ?text }
WHERE { ?x dcterms:isReplacedBy ?new . BIND (STR(?new) AS ?text) }
