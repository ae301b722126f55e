package io.pgring.proxy;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.fields;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.Architectures.layeredArchitecture;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

/** The arrows of the picture in docs/ARCHITECTURE.md. */
@AnalyzeClasses(packages = "io.pgring", importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTest {

    @ArchTest
    static final ArchRule callsGoRightAndDown = layeredArchitecture()
            .consideringOnlyDependenciesInLayers()
            .layer("app")
            .definedBy("io.pgring.proxy.app..")
            .layer("admin")
            .definedBy("io.pgring.proxy.admin..")
            .layer("net")
            .definedBy("io.pgring.proxy.net..")
            .layer("frontend")
            .definedBy("io.pgring.proxy.frontend..")
            .layer("exchange")
            .definedBy("io.pgring.proxy.exchange..")
            .layer("routing")
            .definedBy("io.pgring.proxy.routing..")
            .layer("merge")
            .definedBy("io.pgring.proxy.merge..", "io.pgring.proxy.copy..")
            .layer("backend")
            .definedBy("io.pgring.proxy.backend..")
            .layer("notify")
            .definedBy("io.pgring.proxy.notify..")
            .layer("topology")
            .definedBy("io.pgring.proxy.topology..")
            .whereLayer("app")
            .mayNotBeAccessedByAnyLayer()
            .whereLayer("admin")
            .mayOnlyBeAccessedByLayers("app")
            .whereLayer("net")
            .mayOnlyBeAccessedByLayers("app", "admin")
            .whereLayer("frontend")
            .mayOnlyBeAccessedByLayers("app", "net", "admin")
            .whereLayer("exchange")
            .mayOnlyBeAccessedByLayers("app", "frontend", "admin")
            .whereLayer("routing")
            .mayOnlyBeAccessedByLayers("app", "frontend", "exchange", "admin")
            .whereLayer("merge")
            .mayOnlyBeAccessedByLayers("app", "frontend", "exchange", "admin")
            .whereLayer("backend")
            .mayOnlyBeAccessedByLayers("app", "net", "frontend", "exchange", "notify", "admin")
            .whereLayer("notify")
            .mayOnlyBeAccessedByLayers("app", "exchange")
            .whereLayer("topology")
            .mayOnlyBeAccessedByLayers("app", "frontend", "exchange", "routing", "backend", "notify", "admin");

    @ArchTest
    static final ArchRule theRoadDoesNotCallTheControlSide = noClasses()
            .that()
            .resideInAnyPackage(
                    "io.pgring.proxy.net..",
                    "io.pgring.proxy.frontend..",
                    "io.pgring.proxy.exchange..",
                    "io.pgring.proxy.fanout..",
                    "io.pgring.proxy.routing..",
                    "io.pgring.proxy.backend..",
                    "io.pgring.proxy.notify..",
                    "io.pgring.proxy.topology..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(
                    "io.pgring.proxy.gather..",
                    "io.pgring.proxy.distribution..",
                    "io.pgring.proxy.recovery..",
                    "io.pgring.proxy.reshard..");

    @ArchTest
    static final ArchRule rowsAreMovedWithoutTheRoad = noClasses()
            .that()
            .resideInAPackage("io.pgring.proxy.reshard..")
            .should()
            .dependOnClassesThat(resideInAPackage("io.pgring.proxy..")
                    .and(not(resideInAnyPackage(
                            "io.pgring.proxy.reshard..", "io.pgring.proxy.topology..", "io.pgring.proxy.config.."))));

    @ArchTest
    static final ArchRule noCycles =
            slices().matching("io.pgring.proxy.(*)..").should().beFreeOfCycles();

    @ArchTest
    static final ArchRule foundationsKnowNothingOfTheProxy = noClasses()
            .that()
            .resideInAnyPackage("io.pgring.hashring..", "io.pgring.pgwire..", "io.pgring.pgsql..")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("io.pgring.proxy..");

    @ArchTest
    static final ArchRule decisionsKnowNoChannel = noClasses()
            .that()
            .resideInAnyPackage(
                    "io.pgring.proxy.routing..",
                    "io.pgring.proxy.topology..",
                    "io.pgring.proxy.merge..",
                    "io.pgring.proxy.copy..",
                    "io.pgring.hashring..",
                    "io.pgring.pgsql..",
                    "io.pgring.pgwire..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("io.netty.channel..", "io.netty.bootstrap..");

    @ArchTest
    static final ArchRule sqlIsReadWithoutLibraries = noClasses()
            .that()
            .resideInAPackage("io.pgring.pgsql..")
            .should()
            .dependOnClassesThat()
            .resideOutsideOfPackages("io.pgring.pgsql..", "java..", "org.jspecify..");

    @ArchTest
    static final ArchRule noStaticState = fields().that()
            .areStatic()
            .and()
            .doNotHaveName("$assertionsDisabled")
            .should()
            .beFinal();
}
