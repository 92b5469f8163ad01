//! The closed vocabularies: what a column with a fixed set of words may hold. The words are the codes that the
//! database stores and the API shows.

use sea_orm::{DeriveActiveEnum, EnumIter, sea_query::StringLen};
use serde::{Deserialize, Serialize};

macro_rules! vocabulary {
    ($($(#[$doc:meta])* $name:ident { $($(#[$vdoc:meta])* $variant:ident = $code:literal,)+ })+) => {$(
        $(#[$doc])*
        #[derive(
            Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, EnumIter, DeriveActiveEnum, Serialize, Deserialize,
        )]
        #[sea_orm(rs_type = "String", db_type = "String(StringLen::N(40))")]
        pub enum $name {
            $(
                $(#[$vdoc])*
                #[sea_orm(string_value = $code)]
                #[serde(rename = $code)]
                $variant,
            )+
        }

        impl $name {
            /// Every word, in the order of declaration.
            pub const ALL: &'static [Self] = &[$(Self::$variant),+];

            /// The word as the database and the API write it.
            pub const fn code(self) -> &'static str {
                match self {
                    $(Self::$variant => $code,)+
                }
            }
        }
    )+};
}

vocabulary! {
    /// What a row of the change feed is about.
    ChangeKind {
        /// A place: what it says of itself, or its free spots.
        Place = "PLACE",
        /// The whole map: reference data, or many places at once.
        Map = "MAP",
        /// A passport, or a session of it.
        Passport = "PASSPORT",
    }

    /// What a place offers (DOMAIN, "Care forms").
    CareForm {
        Logeren = "LOGEREN",
        Wonen = "WONEN",
        Deeltijdwonen = "DEELTIJDWONEN",
        Dagbesteding = "DAGBESTEDING",
    }

    /// How alike the care demand in a group is (AEF 2.a).
    Homogeneity {
        HomogeneousZevmb = "HOMOGENEOUS_ZEVMB",
        MixedEmbZevmb = "MIXED_EMB_ZEVMB",
        Heterogeneous = "HETEROGENEOUS",
    }

    /// How the care is paid for and delivered under the Wlz.
    Leveringsvorm {
        Zin = "ZIN",
        Dtv = "DTV",
        Vpt = "VPT",
        Mpt = "MPT",
        Pgb = "PGB",
    }

    /// Where vervoer fetches people to bring them to a place (WZJW).
    TripFrom {
        Home = "HOME",
        Dagbesteding = "DAGBESTEDING",
    }

    /// The part of a day that a free spot is about.
    Slot {
        Night = "NIGHT",
        Morning = "MORNING",
        Afternoon = "AFTERNOON",
        Residence = "RESIDENCE",
    }

    /// How far something is that takes a while.
    JobState {
        Running = "RUNNING",
        Done = "DONE",
        Failed = "FAILED",
    }

    /// What a claim says of a kwaliteitseis.
    ClaimStatus {
        Met = "MET",
        PartlyMet = "PARTLY_MET",
        NotMet = "NOT_MET",
        Unknown = "UNKNOWN",
    }

    /// Who claims it.
    ClaimSource {
        Provider = "PROVIDER",
        Parents = "PARENTS",
        Kenniscentrum = "KENNISCENTRUM",
    }

    /// Whether a location's address may be shown (`Area`: a home, shown as its PC4 only).
    LocationPrecision {
        Exact = "EXACT",
        Area = "AREA",
    }

    /// What two experts decided (brochure, "ZEVMB vaststellen").
    PassportOutcome {
        Zevmb = "ZEVMB",
        VroegZevmb = "VROEG_ZEVMB",
        ZevmbMetHerbeoordeling = "ZEVMB_MET_HERBEOORDELING",
        GeenZevmb = "GEEN_ZEVMB",
    }

    /// Where an entry of the contactenbestand is in its life.
    ContactStatus {
        Draft = "DRAFT",
        Published = "PUBLISHED",
        Withdrawn = "WITHDRAWN",
    }

    /// Why an entry of the contactenbestand is no longer shown.
    WithdrawalReason {
        /// The person no longer agrees to be in it: only with a new consent does it come back.
        ConsentWithdrawn = "CONSENT_WITHDRAWN",
        /// The person works elsewhere, or no longer.
        LeftOrganisation = "LEFT_ORGANISATION",
        /// Another entry is about the same person.
        Duplicate = "DUPLICATE",
        Other = "OTHER",
    }

    /// What was done to an entry of the contactenbestand.
    ContactAction {
        Create = "CREATE",
        Edit = "EDIT",
        Publish = "PUBLISH",
        Withdraw = "WITHDRAW",
        Verify = "VERIFY",
        Merge = "MERGE",
        Undo = "UNDO",
        /// What a provider proposed was accepted.
        Accept = "ACCEPT",
        /// It came from a file.
        Import = "IMPORT",
    }

    /// What can change in an entry of the contactenbestand.
    ContactField {
        ExternalId = "EXTERNAL_ID",
        Name = "NAME",
        Function = "FUNCTION",
        Organisation = "ORGANISATION",
        OrganisationKind = "ORGANISATION_KIND",
        Provider = "PROVIDER",
        Location = "LOCATION",
        Email = "EMAIL",
        Phone = "PHONE",
        WorkPostcode = "WORK_POSTCODE",
        WorkCity = "WORK_CITY",
        Gemeenten = "GEMEENTEN",
        Expertise = "EXPERTISE",
        Regions = "REGIONS",
        Status = "STATUS",
        Consent = "CONSENT",
        VerifiedAt = "VERIFIED_AT",
        DueOn = "DUE_ON",
        Withdrawal = "WITHDRAWAL",
        MergedInto = "MERGED_INTO",
    }

    /// What has become of what a provider proposed.
    ProposalStatus {
        Open = "OPEN",
        Accepted = "ACCEPTED",
        Rejected = "REJECTED",
    }

    /// What on the map people edit.
    MapObject {
        Provider = "PROVIDER",
        Location = "LOCATION",
        CareGroup = "CARE_GROUP",
        Place = "PLACE",
    }

    /// What can change in an object of the map.
    MapField {
        Name = "NAME",
        Kind = "KIND",
        Phone = "PHONE",
        Email = "EMAIL",
        Website = "WEBSITE",
        KvkNumber = "KVK_NUMBER",
        AgbCode = "AGB_CODE",
        Fieldlab = "FIELDLAB",
        Street = "STREET",
        HouseNumber = "HOUSE_NUMBER",
        Postcode = "POSTCODE",
        City = "CITY",
        Gemeente = "GEMEENTE",
        Point = "POINT",
        Precision = "PRECISION",
        Facilities = "FACILITIES",
        Homogeneity = "HOMOGENEITY",
        Size = "SIZE",
        StaffPerTen = "STAFF_PER_TEN",
        Nurses = "NURSES",
        ChallengingBehaviourExcluded = "CHALLENGING_BEHAVIOUR_EXCLUDED",
        Capabilities = "CAPABILITIES",
        NightCare = "NIGHT_CARE",
        CareForm = "CARE_FORM",
        Capacity = "CAPACITY",
        MinAge = "MIN_AGE",
        MaxAge = "MAX_AGE",
        Leveringsvormen = "LEVERINGSVORMEN",
        WaitingList = "WAITING_LIST",
        Vervoer = "VERVOER",
        Availability = "AVAILABILITY",
        ConfirmedAt = "CONFIRMED_AT",
        Claim = "CLAIM",
        /// Whether it is on the map: false once it is withdrawn, null before it was made.
        OnMap = "ON_MAP",
    }

    /// What has become of a change of the map that a provider proposes.
    ReviewStatus {
        Waiting = "WAITING",
        AskedBack = "ASKED_BACK",
        Accepted = "ACCEPTED",
        Rejected = "REJECTED",
        TakenBack = "TAKEN_BACK",
    }

    /// What a building has (AEF 1.a, 4.c, 7.a).
    Facility {
        Rustruimte = "RUSTRUIMTE",
        Snoezelruimte = "SNOEZELRUIMTE",
        HoogLaagbed = "HOOG_LAAGBED",
        Tillift = "TILLIFT",
        RuimeBadkamer = "RUIME_BADKAMER",
        ZuurstofOpslag = "ZUURSTOF_OPSLAG",
        Vloerverwarming = "VLOERVERWARMING",
        SchuifdeurenSensor = "SCHUIFDEUREN_SENSOR",
        Tuin = "TUIN",
    }

    /// What care a group can give (AEF 3.c, 5.a).
    CareCapability {
        WakendeNachtzorg = "WAKENDE_NACHTZORG",
        SlapendeNachtzorg = "SLAPENDE_NACHTZORG",
        Uitluistersysteem = "UITLUISTERSYSTEEM",
        Tracheacanule = "TRACHEACANULE",
        Sondevoeding = "SONDEVOEDING",
        Beademing = "BEADEMING",
        Epilepsiezorg = "EPILEPSIEZORG",
    }

    /// What kind of organisation a contact works at.
    OrganisationKind {
        Zorgaanbieder = "ZORGAANBIEDER",
        Gemeente = "GEMEENTE",
        Zorgkantoor = "ZORGKANTOOR",
        Zorgverzekeraar = "ZORGVERZEKERAAR",
        Ziekenhuis = "ZIEKENHUIS",
        Hulpmiddelen = "HULPMIDDELEN",
        Onderwijs = "ONDERWIJS",
        Clientondersteuning = "CLIENTONDERSTEUNING",
        Oudervereniging = "OUDERVERENIGING",
        Overig = "OVERIG",
    }

    /// What kind of provider it is.
    ProviderKind {
        Instelling = "INSTELLING",
        Kleinschalig = "KLEINSCHALIG",
        Zzp = "ZZP",
    }

    /// Whether a passport opens an agreement (brochure) or an arrangement (jaarverslag).
    AgreementKind {
        Afspraak = "AFSPRAAK",
        Regeling = "REGELING",
    }
}
