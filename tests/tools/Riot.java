import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import java.io.BufferedInputStream;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.io.Reader;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.jena.graph.Node;
import org.apache.jena.graph.Triple;
import org.apache.jena.riot.Lang;
import org.apache.jena.riot.RDFLanguages;
import org.apache.jena.riot.RDFParser;
import org.apache.jena.riot.RiotException;
import org.apache.jena.riot.system.ErrorHandler;
import org.apache.jena.riot.system.StreamRDFBase;
import org.apache.jena.sparql.core.Quad;

/**
 * Parses the files named on standard input, one path a line, with all of Jena's checks.
 *
 * <p>Prints for each a line of JSON: its path, the number of distinct triples and quads, and the
 * warnings and errors. One JVM serves any number of files, as its start costs more than most files.
 */
public final class Riot {
    /** Stands for the missing base: a document that has to be read against one is at fault. */
    private static final String NO_BASE = "http://no-base.invalid/";

    private static final Gson JSON = new GsonBuilder().disableHtmlEscaping().create();

    private Riot() {}

    public static void main(String[] args) throws Exception {
        PrintStream out = new PrintStream(System.out, false, StandardCharsets.UTF_8);
        BufferedReader paths =
                new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        for (String path = paths.readLine(); path != null; path = paths.readLine()) {
            out.println(JSON.toJson(parse(path)));
        }
        out.flush();
    }

    private static Map<String, Object> parse(String path) {
        Messages messages = new Messages();
        Statements statements = new Statements(messages);
        Lang lang = RDFLanguages.filenameToLang(path);
        if (lang == null) {
            messages.found.add("fatal: no RDF syntax has this file name extension");
        } else {
            try (InputStream in = new BufferedInputStream(Files.newInputStream(Path.of(path)))) {
                checkEncoding(path);
                RDFParser.source(in)
                        .forceLang(lang)
                        .base(NO_BASE)
                        .checking(true)
                        .errorHandler(messages)
                        .parse(statements);
            } catch (RiotException reported) {
                // Most faults have been told to the handler by now, but not all of them.
                if (!messages.failed) {
                    messages.found.add("fatal: " + reported.getMessage());
                }
            } catch (Exception fault) {
                messages.found.add("fatal: " + fault);
            }
        }
        Map<String, Object> result = new LinkedHashMap<>();
        result.put("path", path);
        result.put("count", statements.distinct.size());
        result.put("messages", messages.found);
        return result;
    }

    /** Jena itself replaces bytes that are no UTF-8 by U+FFFD, and says nothing. */
    private static void checkEncoding(String path) throws IOException {
        try (Reader text = Files.newBufferedReader(Path.of(path), StandardCharsets.UTF_8)) {
            text.transferTo(Writer.nullWriter());
        }
    }

    /** Keeps terms as written: a graph would take "1" and "01" of xsd:integer for one value. */
    private static final class Statements extends StreamRDFBase {
        private final Set<Object> distinct = new HashSet<>();
        private final Messages messages;

        private Statements(Messages messages) {
            this.messages = messages;
        }

        @Override
        public void triple(Triple triple) {
            add(triple, triple.getSubject(), triple.getPredicate(), triple.getObject());
        }

        @Override
        public void quad(Quad quad) {
            if (quad.isDefaultGraph()) {
                triple(quad.asTriple());
            } else {
                Triple triple = quad.asTriple();
                add(
                        quad,
                        quad.getGraph(),
                        triple.getSubject(),
                        triple.getPredicate(),
                        triple.getObject());
            }
        }

        private void add(Object statement, Node... terms) {
            if (!distinct.add(statement)) {
                return;
            }
            for (Node term : terms) {
                if (term.isURI() && term.getURI().startsWith(NO_BASE)) {
                    String relative = term.getURI().substring(NO_BASE.length());
                    messages.found.add("error: relative IRI <" + relative + ">");
                }
            }
        }
    }

    private static final class Messages implements ErrorHandler {
        private final List<String> found = new ArrayList<>();
        private boolean failed;

        @Override
        public void warning(String message, long line, long column) {
            add("warning", message, line, column);
        }

        @Override
        public void error(String message, long line, long column) {
            add("error", message, line, column);
        }

        @Override
        public void fatal(String message, long line, long column) {
            add("fatal", message, line, column);
            throw new RiotException(message);
        }

        private void add(String level, String message, long line, long column) {
            failed |= !level.equals("warning");
            found.add(level + ": line " + line + " column " + column + ": " + message);
        }
    }
}
