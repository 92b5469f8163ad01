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
CREATE FUNCTION bench.place_lng(place bench.place) RETURNS float8
  LANGUAGE sql STABLE AS $$ SELECT ST_X(place.at::geometry) $$;
CREATE FUNCTION bench.place_lat(place bench.place) RETURNS float8
  LANGUAGE sql STABLE AS $$ SELECT ST_Y(place.at::geometry) $$;
