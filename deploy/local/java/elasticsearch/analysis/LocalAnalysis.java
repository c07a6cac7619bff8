package catalogue.local;

import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;

import org.apache.lucene.analysis.TokenStream;
import org.apache.lucene.analysis.fr.FrenchAnalyzer;
import org.apache.lucene.analysis.fr.FrenchLightStemFilter;
import org.apache.lucene.analysis.fr.FrenchMinimalStemFilter;
import org.apache.lucene.analysis.miscellaneous.ASCIIFoldingFilter;
import org.apache.lucene.analysis.ngram.EdgeNGramTokenFilter;
import org.apache.lucene.analysis.util.ElisionFilter;
import org.elasticsearch.common.settings.Settings;
import org.elasticsearch.env.Environment;
import org.elasticsearch.index.IndexSettings;
import org.elasticsearch.index.analysis.Analysis;
import org.elasticsearch.index.analysis.NormalizingTokenFilterFactory;
import org.elasticsearch.index.analysis.PreConfiguredTokenFilter;
import org.elasticsearch.index.analysis.TokenFilterFactory;
import org.elasticsearch.indices.analysis.AnalysisModule.AnalysisProvider;
import org.elasticsearch.plugins.AnalysisPlugin;
import org.elasticsearch.plugins.Plugin;

/**
 * The filters of the unpublished module analysis-common that the index uses, under their official names,
 * settings and defaults, so that the official image accepts the same index definition unchanged.
 * A setting whose effect is not the official one here is refused, never ignored.
 */
public final class LocalAnalysis extends Plugin implements AnalysisPlugin {
    @Override
    public Map<String, AnalysisProvider<TokenFilterFactory>> getTokenFilters() {
        return Map.of(
            "asciifolding", LocalAnalysis::asciiFolding,
            "elision", AnalysisPlugin.requiresAnalysisSettings(LocalAnalysis::elision),
            "stemmer", AnalysisPlugin.requiresAnalysisSettings(LocalAnalysis::stemmer),
            "edge_ngram", LocalAnalysis::edgeNGram,
            "synonym_graph", AnalysisPlugin.requiresAnalysisSettings(SynonymGraph::new));
    }

    @Override
    public List<PreConfiguredTokenFilter> getPreConfiguredTokenFilters() {
        return List.of(
            PreConfiguredTokenFilter.singleton("asciifolding", true, ASCIIFoldingFilter::new),
            PreConfiguredTokenFilter.singleton(
                "elision", true, input -> new ElisionFilter(input, FrenchAnalyzer.DEFAULT_ARTICLES)),
            PreConfiguredTokenFilter.singleton(
                "edge_ngram", false, false, input -> new EdgeNGramTokenFilter(input, 1)));
    }

    private static TokenFilterFactory asciiFolding(
            IndexSettings index, Environment environment, String name, Settings settings) {
        refuse(name, settings, "preserve_original");
        return new Normalizing(name, ASCIIFoldingFilter::new);
    }

    private static TokenFilterFactory elision(
            IndexSettings index, Environment environment, String name, Settings settings) {
        var articles = Analysis.parseArticles(environment, settings);
        return new Normalizing(name, input -> new ElisionFilter(input, articles));
    }

    private static TokenFilterFactory stemmer(
            IndexSettings index, Environment environment, String name, Settings settings) {
        String language = settings.get("language", settings.get("name", "porter"));
        return switch (language) {
            case "light_french" -> new Plain(name, FrenchLightStemFilter::new);
            case "minimal_french" -> new Plain(name, FrenchMinimalStemFilter::new);
            default -> throw new IllegalArgumentException(
                "stemmer [" + name + "]: the local stack has light_french and minimal_french, not " + language);
        };
    }

    private static TokenFilterFactory edgeNGram(
            IndexSettings index, Environment environment, String name, Settings settings) {
        refuse(name, settings, "side");
        int shortest = settings.getAsInt("min_gram", 1);
        int longest = settings.getAsInt("max_gram", 2);
        boolean preserve = settings.getAsBoolean("preserve_original", false);
        return new Plain(name, input -> new EdgeNGramTokenFilter(input, shortest, longest, preserve));
    }

    static void refuse(String filter, Settings settings, String... unsupported) {
        for (String setting : unsupported) {
            if (settings.hasValue(setting)) {
                throw new IllegalArgumentException(
                    "filter [" + filter + "]: the local stack does not have the setting " + setting);
            }
        }
    }

    private record Plain(String name, UnaryOperator<TokenStream> filter) implements TokenFilterFactory {
        @Override
        public TokenStream create(TokenStream input) {
            return filter.apply(input);
        }
    }

    /** A filter that also applies to what is not analysed: normalizers, prefixes, wildcards. */
    private record Normalizing(String name, UnaryOperator<TokenStream> filter)
            implements NormalizingTokenFilterFactory {
        @Override
        public TokenStream create(TokenStream input) {
            return filter.apply(input);
        }
    }
}
