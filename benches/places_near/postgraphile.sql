-- The question of `placesNear`, for PostGraphile to make GraphQL of.
CREATE FUNCTION bench.places_near(
  lng float8, lat float8, form text DEFAULT NULL, alike text DEFAULT NULL, first_night date DEFAULT NULL,
  last_night date DEFAULT NULL, reach boolean DEFAULT false
) RETURNS SETOF bench.place LANGUAGE sql STABLE AS $$
  SELECT * FROM bench.place
  WHERE (form IS NULL OR care_form = form) AND (alike IS NULL OR homogeneity = alike)
    AND (first_night IS NULL OR free_nights @> daterange(first_night, last_night, '[]'))
    AND (NOT reach OR ST_Distance(at, ST_MakePoint(lng, lat)::geography) <= vervoer_metres)
  ORDER BY at <-> ST_MakePoint(lng, lat)::geography
$$;
CREATE FUNCTION bench.place_distance_km(place bench.place, lng float8, lat float8) RETURNS float8
  LANGUAGE sql STABLE AS $$ SELECT ST_Distance(place.at, ST_MakePoint(lng, lat)::geography) / 1000 $$;
CREATE FUNCTION bench.place_vervoer_reaches_you(place bench.place, lng float8, lat float8) RETURNS boolean
  LANGUAGE sql STABLE AS $$ SELECT ST_Distance(place.at, ST_MakePoint(lng, lat)::geography) <= place.vervoer_metres $$;
CREATE FUNCTION bench.place_freshness(place bench.place) RETURNS text LANGUAGE sql STABLE AS $$
  SELECT CASE WHEN timestamptz '2026-12-01T00:00Z' - place.confirmed_at <= interval '14 days' THEN 'FRESH'
    WHEN timestamptz '2026-12-01T00:00Z' - place.confirmed_at <= interval '45 days' THEN 'AGING' ELSE 'STALE' END
$$;
CREATE FUNCTION bench.place_next_stay(place bench.place) RETURNS date LANGUAGE sql STABLE AS $$
  SELECT lower(nights) FROM unnest(place.free_nights) AS nights WHERE upper(nights) - lower(nights) >= 2
  ORDER BY nights LIMIT 1
$$;
CREATE FUNCTION bench.location_lng(location bench.location) RETURNS float8
  LANGUAGE sql STABLE AS $$ SELECT ST_X(location.at::geometry) $$;
CREATE FUNCTION bench.location_lat(location bench.location) RETURNS float8
  LANGUAGE sql STABLE AS $$ SELECT ST_Y(location.at::geometry) $$;
-- Whom a token signs in.
DO $$ BEGIN CREATE ROLE bench_holder; EXCEPTION WHEN duplicate_object THEN END $$;
GRANT USAGE ON SCHEMA bench TO bench_holder;
GRANT SELECT ON ALL TABLES IN SCHEMA bench TO bench_holder;
