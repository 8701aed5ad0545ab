# base: wp

# breaks: hasValue
DELETE { ?x a wp:DataNode }
WHERE { ?x a wp:Metabolite }
