# base: linkset

# breaks: pattern (http)
INSERT { <http://identifiers.org/ncbigene/9817> ?p ?o }
WHERE { ?x wp:bdbEntrezGene ?g ; ?p ?o FILTER (?x = <https://identifiers.org/ncbigene/9817> && ?p IN (wp:bdbEntrezGene, foaf:page)) }
