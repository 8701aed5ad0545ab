# base: wp

# breaks: hasValue
DELETE { ?x a foaf:Image }
WHERE { ?x a foaf:Image }
