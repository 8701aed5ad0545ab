# base: wp

# breaks: minCount
DELETE { ?x dcterms:isPartOf ?old }
WHERE { ?x a wp:DataNode ; dcterms:identifier "9817" . ?x dcterms:isPartOf ?old }

# breaks: class
INSERT { ?x dcterms:isPartOf <PMC10034769__other.html#pathway-9606> }
WHERE { ?x a wp:DataNode ; dcterms:identifier "9817" }
