package io.hopscope.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The launcher's build, by a Maven that does nothing but take its time. */
class LauncherTest {
    @TempDir
    Path folder;

    private String launched() throws IOException {
        Path script = Path.of("/usr/bin/script");
        assumeTrue(Files.isExecutable(script), "no script");
        Files.copy(Shell.root().resolve("hopscope"), folder.resolve("hopscope"));
        Path bin = Files.createDirectory(folder.resolve("bin"));
        executable(bin.resolve("mvn"), """
            case "$*" in *-v) echo "Apache Maven 3.9.9"; exit ;; esac
            echo '[INFO] Building Hopscope 1 [1/3]'
            echo '[INFO] Building Hopscope encap 1 [2/3]'
            sleep 3
            echo '[INFO] Building Hopscope devices 1 [3/3]'
            echo '[ERROR] it does not build'
            exit 1
            """);
        String line = "JAVA_HOME=" + System.getProperty("java.home") + " PATH=" + bin + ":$PATH sh "
                + folder.resolve("hopscope");
        return Shell.run(folder, List.of("script", "-qec", line, "/dev/null")).out();
    }

    private static void executable(Path file, String commands) throws IOException {
        Files.writeString(file, "#!/bin/sh\n" + commands);
        assertThat(file.toFile().setExecutable(true)).isTrue();
    }

    @Test
    void showsThatABuildGoesOn() throws IOException {
        String out = launched();
        assertThat(out).contains("up to four on a busy machine").contains("[ERROR] it does not build");
        // A line is written over the one before, and the two may come as one.
        assertThat(out)
                .containsPattern("building +1/2 +encap +[0-9]+ s")
                .containsPattern("building +2/2 +devices +[3-9] s");
        assertThat(out.split("1/2 +encap").length - 1)
                .as("the line is written again each second")
                .isGreaterThan(2);
        assertThat(folder.resolve("cli/target/build.step")).doesNotExist();
    }
}
