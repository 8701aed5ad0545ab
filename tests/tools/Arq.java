import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import java.io.BufferedReader;
import java.io.ByteArrayOutputStream;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import org.apache.jena.query.Dataset;
import org.apache.jena.query.DatasetFactory;
import org.apache.jena.query.Query;
import org.apache.jena.query.QueryExecution;
import org.apache.jena.query.QueryExecutionFactory;
import org.apache.jena.query.QueryFactory;
import org.apache.jena.query.ReadWrite;
import org.apache.jena.query.ResultSetFormatter;
import org.apache.jena.riot.Lang;
import org.apache.jena.riot.RDFDataMgr;

/**
 * Answers SPARQL queries with Jena's ARQ, over the dataset that an assembler file describes.
 *
 * <p>Reads from standard input a JSON object a line, {name, query}, and prints one for each: {name,
 * answer} or {name, error}. An answer is SPARQL results in JSON, or N-Triples where the query makes
 * triples. The description may be of any dataset whose jars are on the class path, such as TDB2.
 *
 * <p>usage: java Arq DATASET.ttl &lt; queries
 */
public final class Arq {
    private static final Gson JSON = new GsonBuilder().disableHtmlEscaping().create();

    private Arq() {}

    public static void main(String[] args) throws Exception {
        Dataset dataset = DatasetFactory.assemble(args[0], "urn:dataset");
        PrintStream out = new PrintStream(System.out, false, StandardCharsets.UTF_8);
        BufferedReader lines =
                new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        for (String line = lines.readLine(); line != null; line = lines.readLine()) {
            Request request = JSON.fromJson(line, Request.class);
            Map<String, String> reply = new LinkedHashMap<>();
            reply.put("name", request.name);
            try {
                reply.put("answer", answer(dataset, request.query));
            } catch (Exception fault) {
                reply.put("error", fault.toString());
            }
            out.println(JSON.toJson(reply));
        }
        out.flush();
    }

    private static String answer(Dataset dataset, String text) {
        Query query = QueryFactory.create(text);
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        dataset.begin(ReadWrite.READ);
        try (QueryExecution execution = QueryExecutionFactory.create(query, dataset)) {
            if (query.isConstructType()) {
                RDFDataMgr.write(bytes, execution.execConstruct(), Lang.NTRIPLES);
            } else {
                ResultSetFormatter.outputAsJSON(bytes, execution.execSelect());
            }
        } finally {
            dataset.end();
        }
        return bytes.toString(StandardCharsets.UTF_8);
    }

    private static final class Request {
        private String name;
        private String query;
    }
}
