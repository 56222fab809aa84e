#[test_only]
module daas::version_tests;

use daas::cluster::Cluster;
use daas::version;
use daas::world;
use std::unit_test::assert_eq;

#[test]
fun a_cluster_knows_its_version_and_the_package_of_that() {
    let mut w = world::begin();
    w.look!<Cluster>(w.cluster_id(), |cluster| {
        assert_eq!(cluster.version(), version::current());
        assert_eq!(cluster.package_of(), version::package());
        // In unit tests every package is at zero; on the devnet an upgrade tells it apart.
        assert_eq!(version::package(), @0x0.to_id());
    });
    w.quiet();
    w.end();
}
