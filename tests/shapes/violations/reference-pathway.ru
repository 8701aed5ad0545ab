# base: wp

# breaks: minCount
DELETE { ?x dcterms:isPartOf ?old }
WHERE { ?x a wp:PublicationReference . ?x dcterms:isPartOf ?old }

# breaks: class
INSERT { ?x dcterms:isPartOf <PMC10034769__other.html#pathway-9606> }
WHERE { ?x a wp:PublicationReference }
