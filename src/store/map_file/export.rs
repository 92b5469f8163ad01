//! The places of the map as a file, as far as whoever asks may see them.
//!
//! All of it is of one moment: that of the view. Nothing is held beside the map that the view holds anyway, but a part of the file.

use crate::{
    auth::Denied,
    care::{
        calendar::horizon,
        global_id::GlobalId,
        id::ProviderId,
        map_file::{Spots, Written, header},
    },
    store::{Access, Store, StoreError, View, audit, audit::Event},
};

/// What the audit trail says it was for.
const PURPOSE: &str = "exportPlaces";
/// How many places a part of the file has at least, unless it is the last.
const PLACES: usize = 500;

/// As what places are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ExportFormat {
    /// Rows with a header.
    Csv,
    /// A `FeatureCollection` (RFC 7946).
    GeoJson,
}

/// An export that goes on.
pub struct PlacesExport {
    view: View,
    format: ExportFormat,
    /// Whether there are columns for what not everybody sees.
    with_spots: bool,
    /// The providers that are still to come, the next last.
    left: Vec<ProviderId>,
    state: State,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum State {
    Begin,
    /// Whether a place was written.
    Places(bool),
    Ended,
}

/// Why an export does not begin.
#[derive(Debug)]
pub enum ExportError {
    /// Who asks cannot be confirmed.
    Denied(Denied),
    /// The export cannot be recorded.
    Store(StoreError),
}

impl Store {
    /// Begins an export of all places that are on the map. That somebody who is signed in takes it is recorded; what nobody in
    /// particular asks is public, and needs no database.
    ///
    /// # Errors
    /// When who asks cannot be confirmed at the moment, or it cannot be recorded.
    pub async fn export_places(
        &self,
        view: View,
        access: &Access,
        format: ExportFormat,
    ) -> Result<PlacesExport, ExportError> {
        let with_spots = view.scope().export_availability().map_err(ExportError::Denied)?;
        if view.scope().pseudonym().is_some() {
            let recording = async {
                let _turn = self.turn().await?;
                let tx = self.database.begin().await?;
                let head = audit::lock(&tx).await?;
                let event = Event { kind: "export", ..Event::read(&view, access, &self.replica, PURPOSE) };
                audit::record(&tx, head, &event, Vec::new()).await?;
                Ok::<_, StoreError>(tx.commit().await?)
            };
            let recorded = self.database.within(recording).await;
            recorded.map_err(|error| ExportError::Store(audit::unrecorded(error)))?;
        }
        let mut left: Vec<ProviderId> = view.providers_by_name().map(|(_, id)| *id).collect();
        left.reverse();
        Ok(PlacesExport { view, format, with_spots, left, state: State::Begin })
    }
}

impl PlacesExport {
    /// The next part of the file; none: that was all.
    ///
    /// # Errors
    /// When a place cannot be written.
    pub fn part(&mut self) -> Result<Option<Vec<u8>>, StoreError> {
        let mut part = Vec::new();
        let mut any = match self.state {
            State::Ended => return Ok(None),
            State::Places(any) => any,
            State::Begin => {
                self.begin(&mut part)?;
                false
            }
        };
        let mut count = 0;
        while count < PLACES
            && let Some(provider) = self.left.pop()
        {
            for place in self.view.places_of(provider) {
                let Some(written) = self.written(place) else { continue };
                self.write(&written, any, &mut part)?;
                any = true;
                count += 1;
            }
        }
        self.state = State::Places(any);
        if self.left.is_empty() {
            if self.format == ExportFormat::GeoJson {
                part.extend(b"\n]}\n");
            }
            self.state = State::Ended;
        }
        Ok(Some(part))
    }

    fn begin(&self, part: &mut Vec<u8>) -> Result<(), StoreError> {
        match self.format {
            ExportFormat::Csv => row(part, &header(self.with_spots))?,
            ExportFormat::GeoJson => part.extend(br#"{"type":"FeatureCollection","features":["#),
        }
        Ok(())
    }

    fn write(&self, written: &Written<'_>, any: bool, part: &mut Vec<u8>) -> Result<(), StoreError> {
        match self.format {
            ExportFormat::Csv => row(part, &written.cells(self.with_spots))?,
            ExportFormat::GeoJson => {
                let feature = written.feature().map_err(|error| StoreError::Corrupt(error.to_string()))?;
                part.extend(if any { ",\n" } else { "\n" }.bytes().chain(feature.bytes()));
            }
        }
        Ok(())
    }

    /// A place as far as the requester may see it.
    fn written(&self, place: u32) -> Option<Written<'_>> {
        let view = &self.view;
        let (seen, at) = (view.seen_place(place)?, view.seen_location(place)?);
        let gemeente = view.reference().gemeenten.get(at.gemeente_code());
        let (today, last) = (view.today(), horizon(view.today()));
        let spots = match (view.free_spots(place, today, last), view.waiting_list(place)) {
            (Ok(runs), Ok(waiting_list)) => Some(Spots { waiting_list, runs }),
            _ => None,
        };
        Some(Written {
            id: GlobalId::Place(seen.id()).to_string(),
            name: seen.name(),
            care_form: seen.care_form(),
            capacity: seen.capacity(),
            min_age: seen.min_age(),
            max_age: seen.max_age(),
            leveringsvormen: seen.leveringsvormen(),
            phone: seen.phone(),
            email: seen.email(),
            confirmed_at: seen.confirmed_at(),
            group: seen.group,
            provider: GlobalId::Provider(seen.provider_id()).to_string(),
            provider_name: view.seen_provider_of(place)?.name(),
            street: at.street(),
            house_number: at.house_number(),
            postcode: at.postcode(),
            city: at.city(),
            gemeente_code: at.gemeente_code(),
            region_code: gemeente.map(|gemeente| gemeente.region_code.as_str()),
            precision: at.precision(),
            lat: at.point().lat(),
            lng: at.point().lng(),
            facilities: at.facilities(),
            spots,
        })
    }
}

/// Adds a row.
fn row<T: AsRef<[u8]>>(part: &mut Vec<u8>, cells: &[T]) -> Result<(), StoreError> {
    csv::Writer::from_writer(part).write_record(cells).map_err(|error| StoreError::Corrupt(error.to_string()))
}
