package io.hopscope.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The launcher's build, by a Maven that does nothing but take its time, of which a clock of its own tells. */
class LauncherTest {
    @TempDir
    Path folder;

    private String launched() throws IOException {
        Path script = Path.of("/usr/bin/script");
        assumeTrue(Files.isExecutable(script), "no script");
        Files.copy(Shell.root().resolve("hopscope"), folder.resolve("hopscope"));
        Path bin = Files.createDirectory(folder.resolve("bin"));
        // A clock that goes on when somebody sleeps, and is never waited for.
        Path clock = Files.writeString(folder.resolve("clock"), "1000\n");
        executable(bin.resolve("date"), "cat " + clock);
        executable(bin.resolve("sleep"), """
            read now <CLOCK
            echo $((now + 1)) >CLOCK.new
            mv CLOCK.new CLOCK
            """.replace("CLOCK", clock.toString()));
        executable(bin.resolve("mvn"), """
            case "$*" in *-v) echo "Apache Maven 3.9.9"; exit ;; esac
            echo '[INFO] Building Hopscope 1 [1/3]'
            echo '[INFO] Building Hopscope encap 1 [2/3]'
            until read now <CLOCK && [ "$now" -ge 1004 ]; do :; done
            echo '[INFO] Building Hopscope devices 1 [3/3]'
            echo '[ERROR] it does not build'
            exit 1
            """.replace("CLOCK", clock.toString()));
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
                .containsPattern("building +2/2 +devices +([3-9]|[0-9]{2,}) s");
        assertThat(out.split("1/2 +encap").length - 1)
                .as("the line is written again each second")
                .isGreaterThan(2);
        assertThat(folder.resolve("cli/target/build.step")).doesNotExist();
    }
}
