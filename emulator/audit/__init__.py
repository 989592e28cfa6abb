"""What moto 5.2.1 lacks of the services that keep a record of an account."""
