# base: wp

# breaks: qualifiedMinCount
DELETE { ?n ?p ?o }
WHERE { ?n a wp:DataNode ; ?p ?o }
