# base: wp

# breaks: hasValue
DELETE { ?x a skos:Collection }
WHERE { ?x a wp:Pathway }
