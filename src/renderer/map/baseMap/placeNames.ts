/**
 * Names for orientation where there is no network: capitals, large cities, ports, and seas. Positions in degrees,
 * rounded to about a kilometre; common knowledge, taken from no data set. Rank is the map zoom from which a name is
 * shown. One line a place: name, latitude, longitude, rank; places of one rank come in order of importance.
 */

export interface Place {
  readonly name: string;
  readonly lat: number;
  readonly lon: number;
  readonly kind: 'town' | 'sea';
  readonly rank: number;
}

const towns = `
London 51.507 -0.128 3
New York 40.713 -74.006 3
Tokyo 35.682 139.759 3
Beijing 39.904 116.407 3
Moscow 55.756 37.617 3
Delhi 28.644 77.216 3
São Paulo -23.550 -46.633 3
Mexico City 19.433 -99.133 3
Cairo 30.044 31.236 3
Lagos 6.455 3.384 3
Sydney -33.869 151.209 3
Los Angeles 34.052 -118.244 3
Singapore 1.290 103.850 3
Johannesburg -26.204 28.047 3
Buenos Aires -34.604 -58.382 3
Nairobi -1.286 36.817 3
Istanbul 41.013 28.955 3
Paris 48.857 2.352 3
Berlin 52.520 13.405 4
Madrid 40.417 -3.703 4
Rome 41.894 12.483 4
Helsinki 60.170 24.938 4
Stockholm 59.329 18.069 4
Oslo 59.913 10.739 4
Kyiv 50.450 30.524 4
Warsaw 52.230 21.012 4
Athens 37.984 23.728 4
Lisbon 38.722 -9.139 4
Dublin 53.350 -6.260 4
Reykjavík 64.147 -21.943 4
Shanghai 31.230 121.474 4
Hong Kong 22.302 114.177 4
Seoul 37.567 126.978 4
Manila 14.600 120.984 4
Jakarta -6.175 106.827 4
Bangkok 13.750 100.517 4
Mumbai 18.975 72.826 4
Kolkata 22.573 88.364 4
Karachi 24.861 67.010 4
Tehran 35.689 51.389 4
Baghdad 33.315 44.366 4
Riyadh 24.690 46.710 4
Dubai 25.265 55.292 4
Addis Ababa 9.025 38.747 4
Kinshasa -4.322 15.307 4
Cape Town -33.925 18.424 4
Dakar 14.693 -17.447 4
Casablanca 33.573 -7.590 4
Algiers 36.754 3.059 4
Khartoum 15.501 32.560 4
Luanda -8.839 13.289 4
Chicago 41.878 -87.630 4
Toronto 43.653 -79.383 4
Houston 29.760 -95.369 4
Miami 25.762 -80.192 4
San Francisco 37.775 -122.419 4
Vancouver 49.283 -123.121 4
Montréal 45.502 -73.567 4
Washington 38.907 -77.037 4
Seattle 47.606 -122.332 4
Denver 39.739 -104.990 4
Anchorage 61.218 -149.900 4
Honolulu 21.307 -157.858 4
Havana 23.114 -82.367 4
Bogotá 4.711 -74.072 4
Lima -12.046 -77.043 4
Santiago -33.449 -70.669 4
Rio de Janeiro -22.907 -43.173 4
Brasília -15.794 -47.882 4
Caracas 10.481 -66.904 4
Melbourne -37.814 144.963 4
Perth -31.953 115.857 4
Auckland -36.849 174.763 4
Novosibirsk 55.030 82.920 4
Vladivostok 43.116 131.882 4
Tashkent 41.299 69.240 4
Ulaanbaatar 47.921 106.906 4
Nuuk 64.175 -51.739 4
Tallinn 59.437 24.754 5
Saint Petersburg 59.939 30.316 5
Riga 56.949 24.106 5
Vilnius 54.687 25.280 5
Copenhagen 55.676 12.568 5
Gothenburg 57.708 11.975 5
Bergen 60.393 5.324 5
Trondheim 63.430 10.395 5
Tromsø 69.649 18.955 5
Hamburg 53.551 9.994 5
Munich 48.137 11.576 5
Amsterdam 52.373 4.900 5
Brussels 50.846 4.352 5
Vienna 48.208 16.373 5
Prague 50.087 14.421 5
Budapest 47.498 19.040 5
Bucharest 44.427 26.103 5
Sofia 42.698 23.322 5
Belgrade 44.818 20.457 5
Zagreb 45.813 15.978 5
Milan 45.464 9.190 5
Naples 40.852 14.268 5
Zürich 47.374 8.541 5
Barcelona 41.388 2.170 5
Marseille 43.296 5.370 5
Lyon 45.760 4.836 5
Porto 41.150 -8.611 5
Seville 37.389 -5.984 5
Edinburgh 55.953 -3.189 5
Manchester 53.481 -2.242 5
Belfast 54.597 -5.930 5
Minsk 53.904 27.561 5
Kharkiv 49.993 36.230 5
Odesa 46.482 30.723 5
Ankara 39.920 32.854 5
Tbilisi 41.716 44.783 5
Baku 40.409 49.867 5
Yerevan 40.177 44.513 5
Murmansk 68.970 33.075 5
Arkhangelsk 64.540 40.543 5
Nizhny Novgorod 56.327 44.006 5
Kazan 55.796 49.106 5
Yekaterinburg 56.838 60.605 5
Omsk 54.989 73.368 5
Irkutsk 52.286 104.281 5
Yakutsk 62.028 129.733 5
Petropavlovsk-Kamchatsky 53.024 158.643 5
Almaty 43.238 76.946 5
Astana 51.129 71.430 5
Kabul 34.555 69.207 5
Islamabad 33.684 73.048 5
Lahore 31.550 74.344 5
Chennai 13.083 80.271 5
Bengaluru 12.972 77.595 5
Hyderabad 17.385 78.487 5
Colombo 6.927 79.861 5
Kathmandu 27.717 85.324 5
Dhaka 23.811 90.413 5
Yangon 16.841 96.174 5
Hanoi 21.028 105.854 5
Ho Chi Minh City 10.776 106.701 5
Phnom Penh 11.556 104.928 5
Kuala Lumpur 3.139 101.687 5
Surabaya -7.257 112.752 5
Taipei 25.033 121.565 5
Guangzhou 23.129 113.264 5
Chongqing 29.563 106.551 5
Wuhan 30.593 114.305 5
Chengdu 30.573 104.066 5
Xi'an 34.342 108.940 5
Tianjin 39.084 117.201 5
Shenyang 41.806 123.432 5
Harbin 45.803 126.535 5
Ürümqi 43.825 87.617 5
Lhasa 29.653 91.117 5
Pyongyang 39.039 125.763 5
Busan 35.180 129.075 5
Osaka 34.694 135.502 5
Sapporo 43.062 141.354 5
Fukuoka 33.590 130.402 5
Damascus 33.514 36.277 5
Beirut 33.894 35.502 5
Jerusalem 31.778 35.225 5
Amman 31.954 35.911 5
Kuwait City 29.376 47.977 5
Doha 25.285 51.531 5
Abu Dhabi 24.454 54.377 5
Muscat 23.588 58.383 5
Sanaa 15.369 44.191 5
Aden 12.786 45.019 5
Jeddah 21.486 39.193 5
Alexandria 31.200 29.919 5
Tripoli 32.887 13.191 5
Tunis 36.807 10.181 5
Rabat 34.021 -6.842 5
Nouakchott 18.079 -15.965 5
Bamako 12.639 -8.003 5
Abidjan 5.360 -4.008 5
Accra 5.604 -0.187 5
Kano 12.002 8.592 5
Abuja 9.077 7.399 5
Douala 4.051 9.768 5
Libreville 0.416 9.467 5
N'Djamena 12.134 15.056 5
Kampala 0.348 32.582 5
Kigali -1.944 30.062 5
Mogadishu 2.046 45.318 5
Djibouti 11.589 43.145 5
Dar es Salaam -6.792 39.208 5
Mombasa -4.044 39.668 5
Lusaka -15.387 28.323 5
Harare -17.829 31.052 5
Maputo -25.969 32.573 5
Durban -29.859 31.022 5
Windhoek -22.560 17.084 5
Gaborone -24.628 25.923 5
Antananarivo -18.879 47.508 5
Port Louis -20.161 57.499 5
Boston 42.360 -71.058 5
Philadelphia 39.953 -75.164 5
Atlanta 33.749 -84.388 5
New Orleans 29.951 -90.072 5
Dallas 32.777 -96.797 5
Phoenix 33.448 -112.074 5
San Diego 32.716 -117.161 5
Las Vegas 36.170 -115.140 5
Salt Lake City 40.761 -111.891 5
Minneapolis 44.978 -93.265 5
Detroit 42.331 -83.046 5
Portland 45.515 -122.679 5
Calgary 51.045 -114.057 5
Edmonton 53.546 -113.494 5
Winnipeg 49.895 -97.138 5
Halifax 44.649 -63.575 5
St. John's 47.561 -52.713 5
Guadalajara 20.660 -103.350 5
Monterrey 25.687 -100.316 5
Guatemala City 14.635 -90.507 5
San José 9.928 -84.091 5
Panama City 8.983 -79.517 5
Kingston 17.997 -76.794 5
Santo Domingo 18.486 -69.931 5
San Juan 18.466 -66.106 5
Medellín 6.244 -75.581 5
Quito -0.180 -78.468 5
Guayaquil -2.190 -79.888 5
La Paz -16.490 -68.119 5
Asunción -25.282 -57.635 5
Montevideo -34.901 -56.165 5
Córdoba -31.420 -64.189 5
Salvador -12.974 -38.502 5
Recife -8.054 -34.881 5
Fortaleza -3.732 -38.527 5
Belém -1.456 -48.490 5
Manaus -3.119 -60.022 5
Porto Alegre -30.033 -51.230 5
Georgetown 6.801 -58.155 5
Punta Arenas -53.163 -70.917 5
Ushuaia -54.807 -68.304 5
Brisbane -27.470 153.026 5
Adelaide -34.929 138.601 5
Darwin -12.463 130.842 5
Hobart -42.882 147.327 5
Wellington -41.287 174.776 5
Christchurch -43.532 172.637 5
Suva -18.142 178.442 5
Nouméa -22.276 166.458 5
Port Moresby -9.478 147.150 5
Papeete -17.535 -149.570 5
Apia -13.833 -171.767 5
Turku 60.452 22.267 6
Tampere 61.498 23.761 6
Oulu 65.012 25.465 6
Vaasa 63.096 21.616 6
Umeå 63.826 20.263 6
Luleå 65.585 22.155 6
Sundsvall 62.391 17.307 6
Malmö 55.605 13.003 6
Visby 57.638 18.295 6
Mariehamn 60.097 19.935 6
Tartu 58.378 26.729 6
Klaipėda 55.703 21.144 6
Kaliningrad 54.710 20.511 6
Gdańsk 54.352 18.647 6
Rostock 54.089 12.140 6
Kiel 54.323 10.123 6
Aarhus 56.157 10.211 6
Szczecin 53.429 14.553 6
Rotterdam 51.924 4.478 6
Antwerp 51.221 4.400 6
Le Havre 49.494 0.108 6
Bordeaux 44.838 -0.579 6
Nantes 47.218 -1.554 6
Bilbao 43.263 -2.935 6
Valencia 39.470 -0.376 6
Málaga 36.721 -4.421 6
Palma 39.570 2.650 6
Gibraltar 36.141 -5.354 6
Genoa 44.407 8.934 6
Venice 45.438 12.336 6
Palermo 38.116 13.361 6
Valletta 35.899 14.514 6
Thessaloniki 40.640 22.944 6
Izmir 38.419 27.129 6
Heraklion 35.339 25.144 6
Nicosia 35.172 33.365 6
Haifa 32.794 34.990 6
Port Said 31.257 32.284 6
Suez 29.967 32.550 6
Varna 43.214 27.915 6
Constanța 44.177 28.652 6
Sevastopol 44.605 33.522 6
Batumi 41.617 41.637 6
Kraków 50.062 19.937 6
Frankfurt 50.111 8.682 6
Cologne 50.938 6.960 6
Liverpool 53.408 -2.992 6
Southampton 50.910 -1.404 6
Bristol 51.455 -2.588 6
Glasgow 55.861 -4.250 6
Aberdeen 57.149 -2.094 6
Cork 51.898 -8.473 6
Stavanger 58.970 5.733 6
Bodø 67.280 14.405 6
Narvik 68.438 17.427 6
Tórshavn 62.010 -6.772 6
Petrozavodsk 61.785 34.347 6
Vyborg 60.710 28.749 6
Veliky Novgorod 58.522 31.275 6
Pskov 57.819 28.332 6
Ningbo 29.868 121.544 6
Qingdao 36.067 120.383 6
Dalian 38.914 121.615 6
Xiamen 24.480 118.089 6
Kaohsiung 22.627 120.301 6
Yokohama 35.444 139.638 6
Nagoya 35.181 136.906 6
Naha 26.212 127.681 6
Cebu 10.316 123.891 6
Port Klang 3.000 101.393 6
Penang 5.414 100.329 6
Medan 3.595 98.672 6
Da Nang 16.054 108.202 6
Karaj 35.840 50.939 7
Bandar Abbas 27.183 56.267 6
Bushehr 28.923 50.820 6
Santos -23.961 -46.334 6
Valparaíso -33.047 -71.613 6
Callao -12.057 -77.118 8
Cartagena 10.391 -75.479 6
Colón 9.359 -79.900 7
Veracruz 19.174 -96.134 6
Tampico 22.233 -97.861 6
Charleston 32.777 -79.931 6
Norfolk 36.851 -76.286 6
Savannah 32.081 -81.091 6
Tampa 27.951 -82.457 6
Baltimore 39.290 -76.612 6
Cleveland 41.499 -81.694 6
St. Louis 38.627 -90.199 6
Kansas City 39.100 -94.579 6
Oakland 37.804 -122.271 8
Long Beach 33.770 -118.194 8
Québec 46.813 -71.208 6
Saint John 45.273 -66.063 6
Juneau 58.302 -134.420 6
Walvis Bay -22.957 14.505 6
Port Elizabeth -33.961 25.615 6
Tema 5.669 -0.017 7
Lomé 6.131 1.223 6
Freetown 8.484 -13.230 6
Las Palmas 28.124 -15.430 6
Funchal 32.651 -16.909 6
Ponta Delgada 37.741 -25.668 6
Praia 14.931 -23.513 6
Fremantle -32.056 115.747 8
Newcastle -32.928 151.782 6
Cairns -16.919 145.778 6
Tauranga -37.687 176.167 6
Dunedin -45.879 170.503 6
Espoo 60.205 24.656 7
Vantaa 60.293 25.038 8
Kotka 60.466 26.946 7
Hanko 59.823 22.968 7
Porvoo 60.393 25.665 7
Hamina 60.570 27.198 8
Loviisa 60.457 26.225 8
Salo 60.386 23.126 8
Lohja 60.249 24.065 8
Hyvinkää 60.631 24.860 8
Järvenpää 60.474 25.090 9
Kirkkonummi 60.124 24.440 9
Porkkala 59.977 24.425 8
Inkoo 60.046 24.005 8
Raseborg 59.974 23.437 8
Sipoo 60.377 25.270 9
Lahti 60.983 25.661 7
Hämeenlinna 60.996 24.465 7
Kouvola 60.868 26.704 7
Lappeenranta 61.059 28.188 7
Pori 61.485 21.797 7
Rauma 61.128 21.511 8
Naantali 60.467 22.026 9
Uusikaupunki 60.800 21.409 8
Paldiski 59.356 24.053 8
Maardu 59.477 25.025 9
Muuga 59.495 24.960 10
Loksa 59.580 25.722 9
Kunda 59.499 26.541 8
Rakvere 59.346 26.356 8
Kohtla-Järve 59.399 27.273 8
Narva 59.377 28.190 7
Keila 59.304 24.413 9
Haapsalu 58.943 23.541 8
Kärdla 58.998 22.749 8
Kuressaare 58.248 22.504 7
Pärnu 58.386 24.497 7
Paide 58.886 25.557 8
Rapla 59.008 24.793 9
Viljandi 58.364 25.590 8
Viimsi 59.508 24.840 10
Ust-Luga 59.667 28.433 8
Primorsk 60.366 28.616 8
Kronstadt 59.993 29.766 8
Sillamäe 59.398 27.763 9
Naissaar 59.570 24.517 9
Kallbådagrund 59.985 25.601 10
Utö 59.782 21.371 8
Jurmo 59.828 21.583 10
Ventspils 57.394 21.565 7
Liepāja 56.511 21.011 7
Norrköping 58.588 16.192 7
Nynäshamn 58.903 17.948 8
Gävle 60.675 17.141 7
Karlskrona 56.161 15.587 7
Gdynia 54.519 18.531 8
Sassnitz 54.516 13.644 8
Helsingborg 56.046 12.694 7
Lübeck 53.869 10.687 7
Bremerhaven 53.540 8.581 7
Bremen 53.079 8.802 7
Esbjerg 55.467 8.452 7
Kristiansand 58.147 7.996 7
Felixstowe 51.961 1.351 8
Dover 51.128 1.313 8
Calais 50.951 1.859 8
Hull 53.744 -0.333 7
Plymouth 50.376 -4.143 7
Brest 48.390 -4.486 7
Vigo 42.241 -8.721 7
Algeciras 36.131 -5.447 8
Tangier 35.760 -5.834 7
Oran 35.697 -0.633 7
Ajaccio 41.919 8.739 7
Cagliari 39.224 9.122 7
Livorno 43.548 10.311 7
Ancona 43.616 13.519 7
Bari 41.117 16.872 7
Split 43.508 16.440 7
Dubrovnik 42.651 18.094 8
Piraeus 37.943 23.647 9
Rhodes 36.434 28.217 7
`;

const seas = `
Pacific Ocean 5 -150 1
Pacific Ocean -30 -120 4
Atlantic Ocean 28 -42 1
Atlantic Ocean -25 -12 3
Indian Ocean -18 78 1
Southern Ocean -60 95 3
Arctic Ocean 80 -150 3
Arabian Sea 14 65 4
Bay of Bengal 13 88 4
South China Sea 13 114 4
Philippine Sea 19 132 4
Coral Sea -17 154 4
Tasman Sea -38 160 4
Mediterranean Sea 34.8 19 4
Caribbean Sea 15 -75 4
Gulf of Mexico 25 -90 4
Bering Sea 58 -177 4
Sea of Okhotsk 54 149 4
Norwegian Sea 67.5 2 4
Barents Sea 74 38 4
Kara Sea 76 75 4
Greenland Sea 76 -8 4
Labrador Sea 58 -53 4
Hudson Bay 60 -85 4
Baffin Bay 73.5 -67 4
Gulf of Alaska 57 -146 4
Black Sea 43.2 34.5 5
Baltic Sea 57.2 19.3 5
North Sea 56.3 3.2 5
Red Sea 20.5 38.4 5
Caspian Sea 41.5 50.8 5
Persian Gulf 27 51 5
Gulf of Aden 12.4 47.6 5
Gulf of Guinea 2 3 5
Mozambique Channel -19 41 5
Yellow Sea 35.5 123.3 5
East China Sea 29 125 5
Sea of Japan 40 134.8 5
Java Sea -5 111 5
Timor Sea -11.3 127 5
Arafura Sea -9.3 136 5
Bay of Biscay 45.2 -4.8 5
Gulf of Bothnia 62.3 19.7 6
Gulf of Finland 59.83 25.9 6
Gulf of Riga 57.75 23.5 7
Bothnian Sea 61.6 19.1 8
Archipelago Sea 60.2 21.6 8
White Sea 65.6 37.5 6
Kattegat 56.9 11.5 7
Skagerrak 58.1 9.2 6
English Channel 50.1 -2 6
Irish Sea 53.8 -4.9 6
Celtic Sea 50.6 -7.8 6
Strait of Gibraltar 35.95 -5.7 8
Alboran Sea 35.9 -3.4 6
Tyrrhenian Sea 40 12 6
Adriatic Sea 43 15.2 6
Ionian Sea 37.8 18.8 6
Aegean Sea 38.6 25 6
Sea of Azov 46.1 36.7 6
Sea of Marmara 40.7 28.2 7
Gulf of Oman 24.7 58.6 6
Strait of Hormuz 26.5 56.5 7
Strait of Malacca 4 99.8 6
Gulf of Thailand 10 101.5 6
Gulf of Tonkin 20 107.8 6
Taiwan Strait 24.5 119.5 6
Bo Hai 38.7 119.8 6
Sulu Sea 8.5 120.3 6
Celebes Sea 3.5 122.5 5
Banda Sea -5.5 127.5 6
Great Australian Bight -34 130 5
Bass Strait -39.9 145.7 6
Gulf of Carpentaria -14 139 5
Gulf of California 27.3 -111.5 6
Gulf of St. Lawrence 48.2 -61.5 6
Gulf of Maine 43 -68.3 6
Drake Passage -58.5 -64 5
Weddell Sea -71.5 -43 4
Ross Sea -75 -175 4
`;

function parse(table: string, kind: Place['kind']): Place[] {
  return table
    .trim()
    .split('\n')
    .map((line) => {
      const words = line.split(' ');
      const [lat = 0, lon = 0, rank = 0] = words.slice(-3).map(Number);
      return { name: words.slice(0, -3).join(' '), lat, lon, kind, rank };
    });
}

/** Most important first. A sea goes before the towns of its rank: it has fewer places where its name can stand. */
export const places: readonly Place[] = [...parse(seas, 'sea'), ...parse(towns, 'town')].sort(
  (a, b) => a.rank - b.rank,
);
