//! The map from afar: how many places are where.

use async_graphql::{Context, SimpleObject};

use super::super::{
    context,
    error::{ApiError, Result},
    id::{GlobalId, NodeId},
    plain::{PlainList, in_memory},
    scalars::H3Cell,
};
use crate::{
    care::{id::PlaceId, plan::Count},
    geo::index::{Cluster, MOST_CLUSTERS},
};
use uuid::Uuid;

/// The places in an H3 cell.
#[derive(SimpleObject)]
pub(in crate::graphql) struct PlaceCluster {
    /// The cell. Its places are those whose finest cell, `location.cell(resolution: 15)`, descends from it by index: close to an
    /// edge one may lie just outside the hexagon.
    cell: H3Cell,
    /// The centre of the cell, degrees north.
    lat: f64,
    /// The centre of the cell, degrees east.
    lng: f64,
    /// How many places it holds: at least 1. Those that are shown as their PC4 count where that is.
    count: i32,
    /// The place that is nearest to the centre of the cell.
    nearest_place: NodeId,
}

in_memory!(struct PlaceCluster { cell, lat, lng, count, nearest_place });

impl PlaceCluster {
    /// Counts; `counting` has been read from the arguments.
    pub(in crate::graphql) fn counted(ctx: &Context<'_>, counting: &Count) -> Result<PlainList<Self>> {
        let clusters = context::view(ctx)?.clusters(counting)?.map_err(|_| {
            let said = format!(
                "There would be more than {MOST_CLUSTERS} cells; take a resolution below {} or a smaller part of the map.",
                counting.resolution
            );
            ApiError::input("resolution", said)
        })?;
        Ok(clusters.iter().map(Self::from).collect())
    }
}

impl From<&Cluster> for PlaceCluster {
    fn from(cluster: &Cluster) -> Self {
        let centre = cluster.cell.centre();
        Self {
            cell: cluster.cell.into(),
            lat: centre.lat(),
            lng: centre.lng(),
            count: i32::try_from(cluster.count).unwrap_or(i32::MAX),
            nearest_place: GlobalId::Place(PlaceId(Uuid::from_u128(cluster.id))).into(),
        }
    }
}
