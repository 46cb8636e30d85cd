package io.hopscope.cli;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import io.hopscope.core.DropReason;
import io.hopscope.scenarios.DropReasons;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The graph of modules that the design draws, checked class by class: Maven checks it jar by jar only. */
final class ModuleGraphTest {
    private static final JavaClasses CLASSES = new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .importPackages("io.hopscope");

    private record Module(String name, List<String> below) {
        String packages() {
            return "io.hopscope." + name + "..";
        }

        @Override
        public String toString() {
            return name;
        }
    }

    private static Stream<Module> modules() {
        return Stream.of(
                new Module("encap", List.of()),
                new Module("protocols", List.of("encap")),
                new Module("core", List.of("encap")),
                new Module("devices", List.of("core", "protocols", "encap")),
                new Module("traces", List.of("core", "encap")),
                new Module("live", List.of("traces", "core", "protocols", "encap")),
                new Module("scenarios", List.of("traces", "devices", "core", "protocols", "encap")),
                new Module("cli", List.of("scenarios", "traces", "devices", "core", "protocols", "encap")));
    }

    @ParameterizedTest
    @MethodSource("modules")
    void dependsOnModulesAboveItOnly(Module module) {
        String[] allowed = Stream.concat(
                        Stream.of(module.packages()), module.below().stream().map(name -> "io.hopscope." + name + ".."))
                .toArray(String[]::new);
        DescribedPredicate<JavaClass> forbidden =
                resideInAPackage("io.hopscope..").and(DescribedPredicate.not(resideInAnyPackage(allowed)));

        noClasses()
                .that()
                .resideInAPackage(module.packages())
                .should()
                .dependOnClassesThat(forbidden)
                .allowEmptyShould(true)
                .check(CLASSES);
    }

    @Test
    void everyClassBelongsToAModuleOfTheGraph() {
        classes()
                .should()
                .resideInAnyPackage(modules().map(Module::packages).toArray(String[]::new))
                .check(CLASSES);
    }

    @Test
    void theImportSeesTheModulesAndNotOnlyThisOne() {
        assertThat(CLASSES).anyMatch(type -> type.getPackageName().equals("io.hopscope.encap"));
        assertThat(CLASSES).anyMatch(type -> type.getPackageName().equals("io.hopscope.core"));
    }

    @Test
    void encapNeedsNothingButTheJdk() {
        classes()
                .that()
                .resideInAPackage("io.hopscope.encap..")
                .should()
                .onlyDependOnClassesThat()
                .resideInAnyPackage("java..", "io.hopscope.encap..")
                .check(CLASSES);
    }

    @Test
    void onlyTheCoreSeesTheDisruptor() {
        noClasses()
                .that()
                .resideOutsideOfPackage("io.hopscope.core..")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("com.lmax..")
                .allowEmptyShould(true)
                .check(CLASSES);
    }

    /** The command line has it on its class path and names none of its classes. */
    @Test
    void onlyLiveSeesNativeLibraries() {
        noClasses()
                .that()
                .resideOutsideOfPackage("io.hopscope.live..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("org.pcap4j..", "com.sun.jna..", "org.slf4j..")
                .check(CLASSES);
    }

    /** What a scenario may expect is looked for among them. */
    @Test
    void everyReasonOfADropIsRegistered() {
        List<String> listed = DropReasons.all().stream()
                .map(reason -> reason.getClass().getName())
                .distinct()
                .toList();
        assertThat(CLASSES.stream()
                        .filter(type -> type.isAssignableTo(DropReason.class) && type.isEnum())
                        .map(JavaClass::getName))
                .containsExactlyInAnyOrderElementsOf(listed);
    }

    @Test
    void protocolsStartNoThreadAndDoNoInputOrOutput() {
        noClasses()
                .that()
                .resideInAPackage("io.hopscope.protocols..")
                .should()
                .dependOnClassesThat(resideInAnyPackage("java.net..", "java.nio.file..", "java.util.concurrent..")
                        .or(DescribedPredicate.describe("are threads", type -> type.isAssignableTo(Thread.class))))
                .allowEmptyShould(true)
                .check(CLASSES);
    }

    @Test
    void onlyTheCommandLinePrints() {
        noClasses()
                .that()
                .resideOutsideOfPackage("io.hopscope.cli..")
                .should()
                .accessField(System.class, "out")
                .orShould()
                .accessField(System.class, "err")
                .orShould()
                .callMethod(Throwable.class, "printStackTrace")
                .allowEmptyShould(true)
                .check(CLASSES);
    }

    @Test
    void namesSayWhatAClassIs() {
        classes()
                .should()
                .haveNameNotMatching(".*(Manager|Utils?|Impl|Handler|Helper)$")
                .andShould()
                .haveNameNotMatching(".*[.$](Abstract|Base)[A-Z][^.$]*$")
                .check(CLASSES);
    }

    @Test
    void packagesHaveNoCycles() {
        slices().matching("io.hopscope.(**)").should().beFreeOfCycles().check(CLASSES);
    }
}
