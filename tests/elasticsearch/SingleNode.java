import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import org.elasticsearch.common.logging.LogConfigurator;
import org.elasticsearch.common.settings.Settings;
import org.elasticsearch.env.Environment;
import org.elasticsearch.node.Node;
import org.elasticsearch.plugins.PluginsLoader;

/** One Elasticsearch node, set by words like `http.port=9200`; it ends when nobody holds its standard input open. */
class SingleNode {
    public static void main(String[] words) throws Exception {
        Thread watch = Thread.ofPlatform().daemon().start(SingleNode::endWithTheLastHolder);
        Settings.Builder settings = Settings.builder();
        for (String word : words) {
            String[] pair = word.split("=", 2);
            settings.put(pair[0], pair[1]);
        }
        Settings made = settings.build();
        Environment environment = new Environment(made, Path.of(made.get("path.home"), "config"));
        LogConfigurator.configureESLogging();
        var modules = PluginsLoader.loadModulesBundles(environment.modulesDir());
        new Node(environment, PluginsLoader.createPluginsLoader(modules, Set.of(), Map.of(), false)).start();
        watch.join();
    }

    static void endWithTheLastHolder() {
        try {
            while (System.in.read() >= 0) { }
        } catch (IOException error) {
            // as good as closed
        }
        Runtime.getRuntime().halt(0); // its data is for one run: nothing to write down
    }
}
