//! Where a place is, its group, and its vervoer.

use arrayvec::ArrayString;
use async_graphql::{Object, SimpleObject};

use super::{
    super::{
        enums::{CareCapability, Facility, Homogeneity, LocationPrecision},
        error::{ApiError, Result},
        id::{GlobalId, NodeId},
        plain::{Plain, PlainList, in_memory, written_as_values},
        scalars::H3Cell,
    },
    place::Place,
    region::{Gemeente, Region},
};
use crate::{
    care::{postcode::AddressPostcode, snapshot::SeenLocation},
    geo::{Cell, Point},
    store::View,
};

/// A point in WGS84 degrees.
#[derive(SimpleObject, Clone, Copy)]
pub(in crate::graphql) struct GeoPoint {
    /// Degrees north.
    lat: f64,
    /// Degrees east.
    lng: f64,
}

in_memory!(struct GeoPoint { lat, lng });

impl From<Point> for GeoPoint {
    fn from(point: Point) -> Self {
        Self { lat: point.lat(), lng: point.lng() }
    }
}

/// A postcode of an answer: a text.
struct Postcode(AddressPostcode);

impl Postcode {
    fn text(&self) -> ArrayString<{ AddressPostcode::LONGEST }> {
        self.0.text()
    }
}

written_as_values!(answer Postcode as String);

/// What is known of a facility; what is not listed is not known.
#[derive(SimpleObject, Clone, Copy)]
pub(in crate::graphql) struct FacilityStatement {
    /// What it is about.
    facility: Facility,
    /// Whether it is there.
    present: bool,
}

in_memory!(struct FacilityStatement { facility, present });

/// What is known of the care that a group can give; what is not listed is not known.
#[derive(SimpleObject, Clone, Copy)]
pub(in crate::graphql) struct CareCapabilityStatement {
    /// What it is about.
    capability: CareCapability,
    /// Whether it is offered.
    offered: bool,
}

in_memory!(struct CareCapabilityStatement { capability, offered });

/// A building. Where `precision` is `AREA` it is somebody's home: street and house number are null, and postcode,
/// city, gemeente, point and cell are those of the PC4, but for the provider's own staff and the kenniscentrum.
pub(in crate::graphql) struct Location {
    pub(super) view: View,
    /// A place at the location.
    pub(super) place: u32,
}

impl Location {
    fn seen(&self) -> Result<SeenLocation<'_>> {
        self.view.seen_location(self.place).ok_or_else(|| ApiError::internal("a place that is not on the map"))
    }
}

/// A building. Where `precision` is `AREA` it is somebody's home: street and house number are null, and postcode,
/// city, gemeente, point and cell are those of the PC4, but for the provider's own staff and the kenniscentrum.
#[Object]
impl Location {
    /// The id, for `editLocation` and `addCareGroup`; null but for the provider's own staff and the kenniscentrum.
    async fn id(&self) -> Result<Option<NodeId>> {
        Ok(self.seen()?.changeable().map(|(id, _)| GlobalId::Location(id).into()))
    }

    /// Grows with every change of the building; null as `id`.
    async fn version(&self) -> Result<Option<i32>> {
        Ok(self.seen()?.changeable().map(|(_, version)| version))
    }

    /// The street; null for an AREA.
    async fn street(&self) -> Result<Option<&str>> {
        Ok(self.seen()?.street())
    }

    /// The house number with additions; null for an AREA.
    async fn house_number(&self) -> Result<Option<&str>> {
        Ok(self.seen()?.house_number())
    }

    /// The postcode, such as `3511AB`; the four digits alone for an AREA, or where the letters are not known.
    async fn postcode(&self) -> Result<Postcode> {
        Ok(Postcode(self.seen()?.postcode()))
    }

    /// The place name.
    async fn city(&self) -> Result<&str> {
        Ok(self.seen()?.city())
    }

    /// The gemeente.
    async fn gemeente(&self) -> Result<Plain<Gemeente>> {
        let code = self.seen()?.gemeente_code();
        Gemeente::of(&self.view, code).map(Plain).ok_or_else(|| ApiError::internal("a location in no gemeente"))
    }

    /// The zorgkantoorregio.
    async fn region(&self) -> Result<Plain<Region>> {
        let code = self.seen()?.gemeente_code();
        let gemeente = self.view.reference().gemeenten.get(code);
        gemeente
            .and_then(|gemeente| Region::of(&self.view, &gemeente.region_code).map(Plain))
            .ok_or_else(|| ApiError::internal("a location in no region"))
    }

    /// The point; of the PC4 for an AREA.
    async fn point(&self) -> Result<Plain<GeoPoint>> {
        Ok(Plain(self.seen()?.point().into()))
    }

    /// Whether the address is shown to all.
    async fn precision(&self) -> Result<LocationPrecision> {
        Ok(self.seen()?.precision().into())
    }

    /// The H3 cell of the point.
    async fn cell(
        &self,
        #[graphql(default = 7, desc = "The resolution, 0 (coarse) to 15 (fine).")] resolution: i32,
    ) -> Result<H3Cell> {
        Cell::at(self.seen()?.point(), resolution)
            .map(Into::into)
            .map_err(|error| ApiError::input("resolution", format!("{error}.")))
    }

    /// What is known of the building's facilities.
    async fn facilities(&self) -> Result<PlainList<FacilityStatement>> {
        let known = self.seen()?.facilities().iter();
        Ok(known
            .map(|(facility, present)| FacilityStatement { facility: (*facility).into(), present: *present })
            .collect())
    }
}

in_memory!(impl Location {
    id, version, street, house_number, postcode, city, gemeente: Gemeente, region: Region, point: GeoPoint,
    precision, facilities: FacilityStatement
});

/// A group of clients in a building: that of a place.
pub(in crate::graphql) struct Group(pub(super) Place);

/// A group of clients in a building.
#[Object]
impl Group {
    /// The id, for `editCareGroup` and `addPlace`; null but for the provider's own staff and the kenniscentrum.
    async fn id(&self) -> Result<Option<NodeId>> {
        let seen = self.0.seen()?;
        Ok(seen.is_changeable().then(|| GlobalId::CareGroup(seen.group.id).into()))
    }

    /// Grows with every change of the group; null as `id`.
    async fn version(&self) -> Result<Option<i32>> {
        let seen = self.0.seen()?;
        Ok(seen.is_changeable().then_some(seen.group.version))
    }

    /// The name.
    async fn name(&self) -> Result<&str> {
        Ok(&self.0.seen()?.group.name)
    }

    /// How alike the care demand in the group is.
    async fn homogeneity(&self) -> Result<Homogeneity> {
        Ok(self.0.seen()?.group.homogeneity.into())
    }

    /// How many clients it has room for.
    async fn size(&self) -> Result<i32> {
        Ok(self.0.seen()?.group.size)
    }

    /// Staff per ten clients (kwaliteitseis 3.b); null: not known.
    async fn staff_per_ten(&self) -> Result<Option<f64>> {
        Ok(self.0.seen()?.group.staff_per_ten)
    }

    /// How many nurses are in the team; null: not known.
    async fn nurses(&self) -> Result<Option<i32>> {
        Ok(self.0.seen()?.group.nurses)
    }

    /// Whether clients with challenging behaviour are excluded; null: not known.
    async fn challenging_behaviour_excluded(&self) -> Result<Option<bool>> {
        Ok(self.0.seen()?.group.challenging_behaviour_excluded)
    }

    /// What is known of the care that it can give.
    async fn care_capabilities(&self) -> Result<PlainList<CareCapabilityStatement>> {
        let known = self.0.seen()?.group.capabilities.iter();
        Ok(known
            .map(|(capability, offered)| CareCapabilityStatement {
                capability: (*capability).into(),
                offered: *offered,
            })
            .collect())
    }
}

in_memory!(impl Group {
    id, version, name, homogeneity, size, staff_per_ten, nurses, challenging_behaviour_excluded,
    care_capabilities: CareCapabilityStatement
});
