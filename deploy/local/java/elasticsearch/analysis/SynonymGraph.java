package catalogue.local;

import java.io.IOException;
import java.io.Reader;
import java.io.StringReader;
import java.text.ParseException;
import java.util.List;
import java.util.function.Function;

import org.apache.lucene.analysis.Analyzer;
import org.apache.lucene.analysis.TokenStream;
import org.apache.lucene.analysis.Tokenizer;
import org.apache.lucene.analysis.synonym.SolrSynonymParser;
import org.apache.lucene.analysis.synonym.SynonymGraphFilter;
import org.apache.lucene.analysis.synonym.SynonymMap;
import org.elasticsearch.common.settings.Settings;
import org.elasticsearch.env.Environment;
import org.elasticsearch.index.IndexService.IndexCreationContext;
import org.elasticsearch.index.IndexSettings;
import org.elasticsearch.index.analysis.AbstractTokenFilterFactory;
import org.elasticsearch.index.analysis.CharFilterFactory;
import org.elasticsearch.index.analysis.TokenFilterFactory;
import org.elasticsearch.index.analysis.TokenizerFactory;

/** synonym_graph with rules given in place, each analysed by the filters that stand before it. */
final class SynonymGraph extends AbstractTokenFilterFactory {
    private final List<String> rules;
    private final boolean expand;

    SynonymGraph(IndexSettings index, Environment environment, String name, Settings settings) {
        super(name);
        LocalAnalysis.refuse(
            name, settings, "synonyms_path", "synonyms_set", "updateable", "format", "lenient");
        rules = settings.getAsList("synonyms");
        expand = settings.getAsBoolean("expand", true);
    }

    @Override
    public TokenStream create(TokenStream input) {
        throw new IllegalStateException("the rules are not analysed yet");
    }

    @Override
    public TokenFilterFactory getChainAwareTokenFilterFactory(
            IndexCreationContext context,
            TokenizerFactory tokenizer,
            List<CharFilterFactory> charFilters,
            List<TokenFilterFactory> before,
            Function<String, TokenFilterFactory> allFilters) {
        SynonymMap synonyms = parse(rulesAnalyzer(tokenizer, charFilters, before));
        String name = name();
        return new TokenFilterFactory() {
            @Override
            public String name() {
                return name;
            }

            @Override
            public TokenStream create(TokenStream input) {
                return synonyms.fst == null ? input : new SynonymGraphFilter(input, synonyms, false);
            }
        };
    }

    private SynonymMap parse(Analyzer analyzer) {
        try (analyzer) {
            var parser = new SolrSynonymParser(true, expand, analyzer);
            parser.parse(new StringReader(String.join("\n", rules)));
            return parser.build();
        } catch (IOException | ParseException failure) {
            throw new IllegalArgumentException("synonyms of [" + name() + "]", failure);
        }
    }

    private static Analyzer rulesAnalyzer(
            TokenizerFactory tokenizer, List<CharFilterFactory> charFilters, List<TokenFilterFactory> before) {
        return new Analyzer() {
            @Override
            protected Reader initReader(String field, Reader text) {
                for (CharFilterFactory filter : charFilters) {
                    text = filter.create(text);
                }
                return text;
            }

            @Override
            protected TokenStreamComponents createComponents(String field) {
                Tokenizer source = tokenizer.create();
                TokenStream stream = source;
                for (TokenFilterFactory filter : before) {
                    stream = filter.getSynonymFilter().create(stream);
                }
                return new TokenStreamComponents(source, stream);
            }
        };
    }
}
