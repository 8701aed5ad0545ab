# base: core

# breaks: class
DELETE { ?x prov:wasAssociatedWith ?old }
INSERT { ?x prov:wasAssociatedWith <https://www.example.org/> }
WHERE { ?x a prov:Activity . ?x prov:wasAssociatedWith ?old }

# breaks: minCount
DELETE { ?x prov:wasAssociatedWith ?old }
WHERE { ?x a prov:Activity . ?x prov:wasAssociatedWith ?old }
