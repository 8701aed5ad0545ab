# base: linkset

# breaks: pattern
INSERT { obo:CHEBI_9168 dcterms:isReplacedBy ?new }
WHERE { ?x dcterms:isReplacedBy ?new }
